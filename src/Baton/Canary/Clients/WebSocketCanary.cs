using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace Baton.Canary.Clients;

/// <summary>Sends numbered messages over one WebSocket, each when the one before was answered.</summary>
internal sealed class WebSocketCanary(CanaryTarget target, string token, TimeProvider clock) : Canary("WebSocket", target, token, clock), IAsyncDisposable
{
    private const int LongestAnswer = 128;
    private const WebSocketCloseStatus ServiceRestart = (WebSocketCloseStatus)1012;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpMessageInvoker _invoker = new(target.NewHandler());
    private ClientWebSocket? _socket;
    private int _number;

    public ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        _invoker.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task ExchangeAsync(CancellationToken stop)
    {
        var number = (_number + 1).ToString(CultureInfo.InvariantCulture);
        using var deadline = Deadline();
        _socket ??= await OpenAsync(deadline.Token);
        var socket = _socket;
        await socket.SendAsync(Encoding.ASCII.GetBytes(number), WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
        var buffer = new byte[LongestAnswer];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), deadline.Token);
        if (received.MessageType == WebSocketMessageType.Close)
        {
            // The message may have crossed the close frame: it is asked again on the next connection.
            await LeaveAsync(socket, deadline.Token);
            return;
        }

        Check(number, Encoding.ASCII.GetString(buffer, 0, received.Count));
        _number++;
        await PauseAsync(Pause, stop);
    }

    private async Task<ClientWebSocket> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.SetRequestHeader(CanaryPaths.Header, Token);
            await socket.ConnectAsync(new UriBuilder(Target.Uri) { Scheme = Target.Uri.Scheme == "https" ? "wss" : "ws", Path = CanaryPaths.Socket }.Uri, _invoker, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task LeaveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        if (socket.CloseStatus is not (WebSocketCloseStatus.NormalClosure or WebSocketCloseStatus.EndpointUnavailable or ServiceRestart))
            throw new CanaryException($"closed with {(int?)socket.CloseStatus ?? 1005}");
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        socket.Dispose();
        _socket = null;
    }
}
