using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Baton.Handover.Transport;

/// <summary>Moves bytes from the socket to the server until one of the two has had enough.</summary>
internal sealed class SocketReceiver(Socket socket, PipeWriter input)
{
    private const int MinimumBuffer = 2048;

    // As long as a client may take to see the end of the response and close its side; RFC 9112, 9.6 asks for such a wait.
    private static readonly TimeSpan DiscardTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private bool _isAborted;
    private ConnectionAbortedException? _abortReason;
    private bool _sawEnd;

    /// <summary>What the first bytes say.</summary>
    public ConnectionKind Kind { get; private set; }

    public async Task RunAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                // Wait before renting a buffer: an idle connection holds none.
                await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
                var buffer = input.GetMemory(MinimumBuffer);
                var count = await socket.ReceiveAsync(buffer, SocketFlags.None);
                if (count == 0)
                {
                    _sawEnd = true;
                    break;
                }

                if (Kind == ConnectionKind.Silent)
                    Kind = KindOf(buffer.Span[..count]);
                input.Advance(count);
                if ((await input.FlushAsync()).IsCompleted)
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _sawEnd = true;
            error = (Exception?)_abortReason ?? (e is SocketException { SocketErrorCode: SocketError.ConnectionReset }
                ? new ConnectionResetException(e.Message, e)
                : new ConnectionAbortedException(e.Message, e));
        }
        finally
        {
            await input.CompleteAsync(error);
        }
    }

    /// <summary>
    /// Reads and drops what the client still sends, until it closes its side or the time is up. Without it, bytes that
    /// arrive after the close would be answered with a reset, which can destroy a response that is still on its way.
    /// </summary>
    /// <param name="running">The receive loop, which ends at the next byte now that the server reads no more.</param>
    public async Task DiscardAsync(Task running)
    {
        using var timeout = new CancellationTokenSource(DiscardTimeout);
        try
        {
            await running.WaitAsync(timeout.Token);
            var scratch = new byte[MinimumBuffer];
            while (!_sawEnd)
                _sawEnd = await socket.ReceiveAsync(scratch, SocketFlags.None, timeout.Token) == 0;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Time is up, or the client is gone.
        }
    }

    /// <summary>Ends the connection; the server sees the first reason.</summary>
    public void Abort(ConnectionAbortedException? reason)
    {
        lock (_lock)
        {
            if (_isAborted)
                return;
            _isAborted = true;
            _abortReason = reason;
        }

        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The client was faster.
        }

        socket.Dispose();
        input.CancelPendingFlush();
    }

    private static ConnectionKind KindOf(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        0x16 => ConnectionKind.Tls, // A handshake record; RFC 8446, 5.1.
        (byte)'P' when bytes.StartsWith("PRI"u8) => ConnectionKind.Http2,
        _ => ConnectionKind.Http1,
    };
}
