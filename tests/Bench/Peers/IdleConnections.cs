using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Baton.Bench.Peers;

/// <summary>Connections on which one request was answered and no second one comes.</summary>
internal sealed class IdleConnections : IDisposable
{
    private const int AtOnce = 16;
    private const int BodyLength = 64;
    private static readonly byte[] Get = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

    private readonly IPEndPoint _proxy;
    private readonly Socket[] _sockets;

    private IdleConnections(int port, int count) => (_proxy, _sockets) = (new IPEndPoint(IPAddress.Loopback, port), new Socket[count]);

    public static async Task<IdleConnections> OpenAsync(int port, int count)
    {
        var connections = new IdleConnections(port, count);
        await connections.RestoreAsync();
        return connections;
    }

    /// <summary>Opens again what the proxy has closed.</summary>
    public Task RestoreAsync() => Parallel.ForAsync(0, _sockets.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancellation) =>
    {
        if (_sockets[i] is { } socket && !IsClosed(socket))
            return;
        _sockets[i]?.Dispose();
        _sockets[i] = await OpenAsync(cancellation);
    });

    public int CountClosed() => _sockets.Count(IsClosed);

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket?.Dispose();
    }

    private async Task<Socket> OpenAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(_proxy, cancellation);
        await socket.SendAsync(Get, cancellation);
        var answer = new byte[1024];
        var length = 0;
        while (!IsWhole(answer.AsSpan(0, length)))
        {
            var count = await socket.ReceiveAsync(answer.AsMemory(length), cancellation);
            if (count == 0)
                throw new IOException($"A connection was closed before its answer was whole: '{Encoding.ASCII.GetString(answer, 0, length)}'.");
            length += count;
        }

        return socket;
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer) => answer.IndexOf("\r\n\r\n"u8) is > 0 and var end && answer.Length >= end + 4 + BodyLength;

    private static bool IsClosed(Socket socket) => socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
}
