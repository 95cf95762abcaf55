using System.Net;
using System.Net.Sockets;

namespace Baton.Bench.Peers;

/// <summary>One connection of the open-loop client, with at most one request on it.</summary>
internal sealed class OpenLoopConnection : IDisposable
{
    private const int None = -1;
    private static readonly byte[] Get = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[4096];
    private int _length;

    public OpenLoopConnection(EndPoint proxy)
    {
        _socket.Connect(proxy); // On loopback it is done at once, as long as the queue has room.
        _socket.Blocking = false;
    }

    public int Descriptor => (int)_socket.Handle;

    public bool IsClosed { get; private set; }

    /// <summary>The number of the request that waits for its answer; -1 if none does.</summary>
    public int Request { get; private set; } = None;

    /// <summary>Whether nothing of an answer is there.</summary>
    public bool IsEmpty => _length == 0;

    public bool TrySend(int request)
    {
        Request = request;
        return _socket.Send(Get, SocketFlags.None, out var error) == Get.Length && error == SocketError.Success;
    }

    /// <returns>False if the connection has ended.</returns>
    public bool TryReceive()
    {
        var count = _socket.Receive(_received.AsSpan(_length), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return true;
        _length += count;
        return error == SocketError.Success && count > 0;
    }

    /// <summary>The head of the answer, once its body is there, too; else nothing.</summary>
    public ReadOnlySpan<byte> Answer()
    {
        const int BodyLength = 64;
        var received = _received.AsSpan(0, _length);
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return default;
        var head = received[..(end + 4)];

        // What is not the answer of a backend says in other ways how long it is, and ends the measurement of this request.
        return _length >= head.Length + BodyLength || !head.StartsWith("HTTP/1.1 200 "u8) ? head : default;
    }

    /// <summary>Makes it free for the next request, or closes it if the answer asks for that.</summary>
    public void Finish()
    {
        var last = _received.AsSpan(0, _length).IndexOf("onnection: close"u8) >= 0 || !_received.AsSpan().StartsWith("HTTP/1.1 200 "u8);
        Request = None;
        _length = 0;
        if (last)
            Dispose();
    }

    public void Dispose()
    {
        IsClosed = true;
        _socket.Dispose();
    }
}
