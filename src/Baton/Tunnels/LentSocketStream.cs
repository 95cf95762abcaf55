using System.Net.Sockets;

namespace Baton.Tunnels;

/// <summary>
/// A socket lent to an HTTP handler for one exchange. Once it has been taken back, the handler meets the end of the stream
/// and can neither read from the socket nor close it.
/// </summary>
internal sealed class LentSocketStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private volatile bool _isTaken;

    /// <summary>
    /// Takes the socket back. The handler must have no read or write pending, as is so once it has returned a response
    /// without asking for its body.
    /// </summary>
    public Socket Take()
    {
        _isTaken = true;
        return Socket;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isTaken ? new ValueTask<int>(0) : base.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isTaken ? throw new InvalidOperationException("The socket belongs to a tunnel.") : base.WriteAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (!_isTaken)
            base.Dispose(disposing);
    }
}
