using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Baton.Tests.Clients;

/// <summary>One TCP connection to 127.0.0.1 that speaks HTTP/1.1, with its number among those of the client.</summary>
public sealed class Http1Connection : IDisposable
{
    private readonly Socket _socket;

    private Http1Connection(Socket socket, int number, int bufferSize)
    {
        _socket = socket;
        Number = number;
        Reader = new HttpResponseReader(socket, bufferSize);
    }

    public int Number { get; }

    /// <summary>Requests sent on it so far.</summary>
    public int Requests { get; set; }

    public HttpResponseReader Reader { get; }

    /// <summary>Bytes that can be read at once.</summary>
    public bool HasInput => Reader.Buffered > 0 || _socket.Poll(0, SelectMode.SelectRead);

    /// <param name="port">The port on 127.0.0.1.</param>
    /// <param name="report">Counts the connection.</param>
    /// <param name="receiveBuffer">SO_RCVBUF and the size of a read; null leaves the kernel's default.</param>
    /// <param name="cancellationToken">The deadline.</param>
    public static async Task<Http1Connection> OpenAsync(
        int port, ClientReport report, int? receiveBuffer, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // Before connect(2): the window scale is fixed by the handshake (tcp(7)).
            if (receiveBuffer is { } size)
                socket.ReceiveBufferSize = size;
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new Http1Connection(socket, report.CountConnection(), receiveBuffer ?? 16 * 1024);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What pooling clients look at before they use an idle connection again.</summary>
    public IdleState Look()
    {
        if (Reader.Buffered > 0)
            return IdleState.Unasked;
        if (!_socket.Poll(0, SelectMode.SelectRead))
            return IdleState.Open;
        try
        {
            return _socket.Receive(new byte[1], SocketFlags.Peek) == 0 ? IdleState.Closed : IdleState.Unasked;
        }
        catch (SocketException)
        {
            return IdleState.Reset;
        }
    }

    public Task SendAsync(string text, CancellationToken cancellationToken) =>
        SendAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
    }

    /// <summary>Sends a FIN and can still read.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a RST.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}
