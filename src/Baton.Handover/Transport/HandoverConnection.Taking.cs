using System.Buffers;

namespace Baton.Handover.Transport;

/// <summary>Taking the socket out of the server's hands: to move it to the successor, or to make a tunnel of it.</summary>
internal sealed partial class HandoverConnection
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _sendingEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _tunnelEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReceiveHold _hold;
    private int _isTrying;
    private bool _isLeaving;
    private bool _isOver;
    private volatile bool _isTaken;
    private volatile bool _isAnswering; // Until it has been tried to take it, or none is to be.

    /// <summary>Whether it is one that can move, as far as can be told without stopping it: cleartext HTTP/1.1, or silent.</summary>
    public bool CanMove => Kind is ConnectionKind.Silent or ConnectionKind.Http1 && !_isTaken && !StaysHere;

    /// <summary>Set when the successor could not take it: it is asked to close instead.</summary>
    public bool StaysHere { get; set; }

    /// <summary>Ends the tunnel that the connection has become.</summary>
    public Action? AbortTunnel { get; set; }

    /// <summary>Whether it goes to the successor as soon as it is idle.</summary>
    public bool IsMoving => _table.Moving is not null && CanMove;

    /// <summary>Whether bytes of a further request have arrived while this one is answered.</summary>
    public bool HasPipelined => (HasUnread && _reader.AtBoundary) || _hold.IsOn;

    private bool HasUnread => _receiver.Delivered > _reader.Consumed;

    private bool HasWholeRequests => !HasUnread && _reader.AtBoundary;

    private bool IsBetweenRequests => ActiveRequests == 0 && HasWholeRequests;

    /// <summary>
    /// Takes the connection out of the server if it stands between two requests, or soon will, because an answer is on its
    /// way. Bytes that arrive meanwhile stay in the kernel.
    /// </summary>
    /// <returns>What is left of it: nobody reads or writes the socket any more, and it is open. Null: the connection goes on as it was.</returns>
    public async Task<IdleConnection?> TryTakeAsync()
    {
        if (!CanMove || !IsBetweenRequests || Interlocked.Exchange(ref _isTrying, 1) != 0)
            return null;
        try
        {
            if (!await _receiver.PauseAsync())
                return null;
            if (!IsBetweenRequests)
            {
                _receiver.Resume();
                return null;
            }

            // Only a server that waits for the next request will leave the connection open; one that has decided to close
            // it ends its output.
            await Task.WhenAny(_reader.WaitingAsync(), _sendingEnded.Task);
            lock (_lock)
            {
                if (_isOver)
                    return null;
                _isLeaving = true;
            }

            // As if the client had closed its side: the server ends without an answer.
            _receiver.Finish();
            return await _taken.Task ? new IdleConnection(Socket, Listener, History, LastActive) { UsualPause = UsualPause } : null;
        }
        finally
        {
            Volatile.Write(ref _isTrying, 0);
        }
    }

    /// <summary>It stays, at least until its next request: the server gets what was held back for whoever takes it.</summary>
    public void LetGoOn()
    {
        _isAnswering = false;
        _hold.LetGo();
    }

    /// <summary>
    /// Before the server answers with 101: what the client sends after it, its end included, is not for the server, which would
    /// abort the connection at the end of its input.
    /// </summary>
    /// <returns>False if the connection is over, or is being taken by somebody else.</returns>
    public async Task<bool> PrepareTunnelAsync()
    {
        if (Interlocked.Exchange(ref _isTrying, 1) != 0)
            return false;
        if (await _receiver.PauseAsync())
            return true;
        Volatile.Write(ref _isTrying, 0);
        return false;
    }

    /// <summary>The server has not answered with 101 after all.</summary>
    public void AbandonTunnel()
    {
        _receiver.Resume();
        Volatile.Write(ref _isTrying, 0);
    }

    /// <summary>
    /// Takes the socket once the server has answered with 101 and everything it has written was sent. Whoever takes it closes
    /// it, and then calls <see cref="EndTunnel"/>.
    /// </summary>
    /// <returns>The bytes behind the request that the server has not read; null when the connection broke.</returns>
    public async Task<byte[]?> TakeForTunnelAsync()
    {
        var received = new ArrayBufferWriter<byte>();
        while (_reader.TryRead(out var result))
        {
            foreach (var segment in result.Buffer)
                received.Write(segment.Span);
            _reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                break;
        }

        _sender.Stop();
        await _sendingEnded.Task;
        return _isTaken ? received.WrittenSpan.ToArray() : null;
    }

    /// <summary>The tunnel is over, or moved: the server may forget the connection.</summary>
    public void EndTunnel() => _tunnelEnded.TrySetResult();

    // A client has its answer before the server is done with the request. If it asks again at once, and the server got that too,
    // the connection would stay: for the length of a request, and the next time likewise, until the deadline cuts it.
    private bool IsHeldBack() => _isAnswering && IsMoving && HasWholeRequests;

    private async Task<bool> IsTakenAsync(SenderEnd end)
    {
        lock (_lock)
        {
            _isOver = true;
            _isTaken = end == SenderEnd.Stopped || (end == SenderEnd.Finished && _isLeaving);
        }

        _sendingEnded.TrySetResult();
        if (end == SenderEnd.Stopped)
        {
            await _tunnelEnded.Task;
            _receiver.Finish();
        }

        return _isTaken;
    }
}
