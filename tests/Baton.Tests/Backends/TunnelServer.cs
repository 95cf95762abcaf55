using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Baton.Tests.Backends;

/// <summary>
/// A destination that upgrades every request to the protocol asked for and then is one <see cref="TunnelEnd"/>. Over raw
/// sockets, since a web server would take the client's half-close for its end.
/// </summary>
public sealed class TunnelServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _tunnels = [];
    private readonly ConcurrentDictionary<string, (TunnelEnd End, Socket Socket)> _ends = new();
    private readonly bool _sends;
    private readonly Task _accepting;

    /// <param name="sends">Whether its ends send from the start.</param>
    public TunnelServer(bool sends)
    {
        _sends = sends;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>The address as a destination of YARP.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";

    /// <summary>How many tunnels were opened.</summary>
    public int Count => _ends.Count;

    /// <summary>The end of the tunnel that was opened with this id in its query.</summary>
    public TunnelEnd EndOf(string id) => _ends[id].End;

    /// <summary>Ends both directions of a tunnel from here, in good order.</summary>
    public async Task CloseAsync(string id, CancellationToken cancellationToken)
    {
        await _ends[id].End.StopSendingAsync(cancellationToken);
        try
        {
            _ends[id].Socket.Shutdown(SocketShutdown.Send);
        }
        catch (ObjectDisposedException)
        {
            // The client had ended its direction before, so that this was the end of both.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        await Task.WhenAll(_tunnels);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _tunnels.Add(ServeAsync(await _listener.AcceptAsync(_end.Token)));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                var connection = new FaultyConnection(socket, 0, _end.Token);
                var head = await connection.ReadHeadAsync();
                var end = new TunnelEnd(
                    (bytes, token) => socket.ReceiveAsync(bytes, token), (bytes, token) => SendAsync(socket, bytes, token), isClient: false, _sends);
                if (!_ends.TryAdd(FaultyConnection.IdOf(head), (end, socket)))
                    throw new InvalidOperationException($"A tunnel was opened twice: {head}");
                await connection.WriteAsync($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: {ProtocolOf(head)}\r\n\r\n");
                await end.RunAsync(_end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or EndOfStreamException)
            {
                // The client is done with it, or the test is.
            }
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
    }

    private static string ProtocolOf(string head)
    {
        const string Name = "Upgrade: ";
        var line = head.Split("\r\n").FirstOrDefault(line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        return line is null ? "(none)" : line[Name.Length..];
    }
}
