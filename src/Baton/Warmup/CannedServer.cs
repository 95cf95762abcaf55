using System.Net;
using System.Net.Sockets;

namespace Baton.Warmup;

/// <summary>
/// A destination in this process: whatever it is asked, it has one answer. It listens on the loopback interface, so that
/// connecting to it, waiting for it and reading from it is what it is with any destination.
/// </summary>
internal sealed class CannedServer : IDisposable
{
    private const int LongestHead = 16 * 1024;
    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _ended = new();

    /// <exception cref="SocketException">There is no port or no descriptor left for it.</exception>
    public CannedServer()
    {
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
        }
        catch
        {
            Dispose();
            throw;
        }

        Address = $"http://{_listener.LocalEndPoint}/";
        _ = AcceptAsync();
    }

    /// <summary>As a destination's.</summary>
    public string Address { get; } = "";

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            var ended = _ended.Token;
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync(ended), ended);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The warm-up is over, or goes without it.
        }
    }

    private static async Task ServeAsync(Socket socket, CancellationToken ended)
    {
        using var connection = socket;
        var head = new byte[LongestHead];
        try
        {
            for (var length = 0; length < head.Length;)
            {
                var count = await connection.ReceiveAsync(head.AsMemory(length), ended);
                if (count == 0)
                    return;
                length += count;
                if (!head.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                    continue;
                await connection.SendAsync(Answer, ended);
                length = 0;
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // So is this.
        }
    }

    private static bool IsEnd(Exception e) => e is OperationCanceledException or SocketException or ObjectDisposedException;
}
