using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Baton.Handover.Transport;

/// <summary>Moves bytes from the socket to the server until one of the two has had enough; can be paused between two receives.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer holds nothing.")]
internal sealed class SocketReceiver(Socket socket, PipeWriter input)
{
    private const int MinimumBuffer = 2048;

    // What has arrived goes to the server at once, and so to a destination: a body in pieces as large as those that YARP reads.
    private const int MostAtOnce = 64 * 1024;

    // As long as a client may take to see the end of the response and close its side; RFC 9112, 9.6 asks for such a wait.
    private static readonly TimeSpan DiscardTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _pause = new();
    private Task _loop = Task.CompletedTask;
    private bool _isPaused;
    private bool _isAborted;
    private ConnectionAbortedException? _abortReason;
    private bool _sawEnd;
    private long _delivered;

    /// <summary>What the first bytes say.</summary>
    public ConnectionKind Kind { get; private set; }

    /// <summary>Bytes that were given to the server.</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>Completes when the server will get no more bytes.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Asked when bytes have come; a pause ends it.</summary>
    public ReceiveHold? Hold { get; init; }

    public void Start() => _loop = RunAsync();

    /// <summary>Leaves what arrives from now on in the kernel.</summary>
    /// <returns>False if the client, or an error, has ended the connection.</returns>
    public async Task<bool> PauseAsync()
    {
        await _pause.CancelAsync();
        await _loop;
        return _isPaused;
    }

    public void Resume()
    {
        _isPaused = false;
        _pause = new CancellationTokenSource();
        Start();
    }

    /// <summary>
    /// Ends the server's input, paused before, as if the client had closed its side. <see cref="Ended"/> does not complete:
    /// the server would abort the connection.
    /// </summary>
    public void Finish() => input.Complete();

    /// <summary>
    /// Reads and drops what the client still sends, until it closes its side or the time is up. Without it, bytes that
    /// arrive after the close would be answered with a reset, which can destroy a response that is still on its way. The
    /// receive loop ends at the next byte, now that the server reads no more.
    /// </summary>
    public async Task DiscardAsync()
    {
        try
        {
            Hold?.End();
            if (_isPaused)
                _ended.TrySetResult(); // Nothing will run any more.
            await _ended.Task.WaitAsync(DiscardTimeout);
            if (_sawEnd && !_isPaused)
            {
                if (TryClaimEnd(null))
                    socket.Dispose(); // Both sides have closed, and nothing is pending: close(2) is all there is left to do.
                return;
            }

            if (!_sawEnd)
                await DiscardAsync(socket);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException or SocketException or ObjectDisposedException)
        {
            // Time is up, or the client is gone.
        }
    }

    /// <summary>The same for a socket of which nobody else reads.</summary>
    /// <exception cref="OperationCanceledException">The time is up.</exception>
    /// <exception cref="SocketException">The client is gone.</exception>
    public static async Task DiscardAsync(Socket socket)
    {
        using var timeout = new CancellationTokenSource(DiscardTimeout);
        var scratch = new byte[MinimumBuffer];
        while (await socket.ReceiveAsync(scratch, SocketFlags.None, timeout.Token) > 0)
        {
            // Until its end.
        }
    }

    /// <summary>Ends the connection; the server sees the first reason.</summary>
    public void Abort(ConnectionAbortedException? reason)
    {
        if (!TryClaimEnd(reason))
            return;
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client was faster.
        }

        socket.Dispose();
        input.CancelPendingFlush();
        Hold?.End();

        // Not on this stack: the server may hold a lock of its own here, and what waits for its input may go on at once.
        if (_isPaused)
            ThreadPool.UnsafeQueueUserWorkItem(static receiver => receiver.EndPaused(), this, preferLocal: false);
    }

    private void EndPaused()
    {
        Finish();
        _ended.TrySetResult();
    }

    private bool TryClaimEnd(ConnectionAbortedException? reason)
    {
        lock (_lock)
        {
            if (_isAborted)
                return false;
            _isAborted = true;
            _abortReason = reason;
            return true;
        }
    }

    private async Task RunAsync()
    {
        Exception? error = null;
        try
        {
            socket.Blocking = false; // As asynchronous operations make it anyway: the receive after the wait must not block.
            var pause = _pause.Token;
            var hasMore = false;
            while (true)
            {
                // Wait before renting a buffer: an idle connection holds none. Cancelled, the wait has taken nothing.
                if (!hasMore || pause.IsCancellationRequested)
                    await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, pause);
                if (Hold is { IsWanted: true } && HasBytes())
                    await Hold.WaitAsync(pause);
                (var received, hasMore, var status) = Receive();
                if (received > 0 && (await input.FlushAsync()).IsCompleted)
                    break;
                if (status is not (SocketError.Success or SocketError.WouldBlock))
                    throw new SocketException((int)status);
                if (_sawEnd)
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                _isPaused = true;
                if (!_isAborted)
                    return;
            }

            EndPaused(); // Whoever has aborted it meanwhile has not seen that it is paused.
            return;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _sawEnd = true;
            error = (Exception?)_abortReason ?? (e is SocketException { SocketErrorCode: SocketError.ConnectionReset }
                ? new ConnectionResetException(e.Message, e)
                : new ConnectionAbortedException(e.Message, e));
        }

        await input.CompleteAsync(error);
        _ended.TrySetResult();
    }

    // Not the client's end: the server is to know of that while it answers.
    private bool HasBytes()
    {
        Span<byte> first = stackalloc byte[1];
        return socket.Receive(first, SocketFlags.Peek, out _) > 0;
    }

    // Nothing, if the wait has ended without a byte being there; an error counts when the server has what came before it.
    private (int Bytes, bool HasMore, SocketError Status) Receive()
    {
        for (var received = 0; ;)
        {
            var buffer = input.GetMemory(MinimumBuffer);
            var count = socket.Receive(buffer.Span, SocketFlags.None, out var status);
            if (status != SocketError.Success || count == 0)
            {
                _sawEnd = status == SocketError.Success;
                return (received, false, status);
            }

            if (Kind == ConnectionKind.Silent)
                Kind = KindOf(buffer.Span[..count]);
            Volatile.Write(ref _delivered, _delivered + count);
            input.Advance(count);
            received += count;
            if (count < buffer.Length || received >= MostAtOnce)
                return (received, count == buffer.Length, status);
        }
    }

    private static ConnectionKind KindOf(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        0x16 => ConnectionKind.Tls, // A handshake record; RFC 8446, 5.1.
        (byte)'P' when bytes.StartsWith("PRI"u8) => ConnectionKind.Http2,
        _ => ConnectionKind.Http1,
    };
}
