using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Baton.Handover.Transport;

/// <summary>
/// The server's reader of a connection. It follows what the server consumes, and so knows whether the server stands between
/// two HTTP/1.1 requests, with nothing of the next one in its hands: only there a connection can be taken from it.
/// </summary>
/// <remarks>
/// That everything was consumed is not enough: the server takes a request's head line by line, and keeps the lines.
/// </remarks>
internal sealed class RequestReader : PipeReader, IValueTaskSource<ReadResult>
{
    private readonly PipeReader _inner;
    private readonly Action _completeRead;
    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private ConfiguredValueTaskAwaitable<ReadResult>.ConfiguredValueTaskAwaiter _reading;
    private ReadOnlySequence<byte> _buffer;
    private ChunkedBodyBoundary _chunks;
    private bool _isChunked;
    private long _consumed;
    private long _headBytes;
    private long _bodyLeft;
    private bool _isWaiting;
    private TaskCompletionSource? _waiting;

    public RequestReader(PipeReader inner)
    {
        _inner = inner;
        _completeRead = CompleteRead;
    }

    /// <summary>Bytes that the server has taken.</summary>
    public long Consumed => Volatile.Read(ref _consumed);

    /// <summary>Whether all that was consumed is whole requests.</summary>
    public bool AtBoundary => Volatile.Read(ref _headBytes) == 0 && Volatile.Read(ref _bodyLeft) == 0;

    /// <summary>The head of a request is complete.</summary>
    /// <param name="bodyLength">How many bytes of body follow it; null for a chunked body.</param>
    public void BeginRequest(long? bodyLength)
    {
        _isChunked = bodyLength is null;
        _chunks = default;
        Volatile.Write(ref _bodyLeft, bodyLength ?? 1);
        Volatile.Write(ref _headBytes, 0);
    }

    /// <summary>Completes when the server waits for bytes.</summary>
    public Task WaitingAsync()
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _waiting, waiting);
        Interlocked.MemoryBarrier(); // One of the two sides must see what the other has written.
        if (Volatile.Read(ref _isWaiting))
            waiting.TrySetResult();
        return waiting.Task;
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!_inner.TryRead(out result))
            return false;
        _buffer = result.Buffer;
        return true;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = _inner.ReadAsync(cancellationToken);
        if (!reading.IsCompletedSuccessfully)
            return Wait(reading);
        var result = reading.Result;
        _buffer = result.Buffer;
        return new ValueTask<ReadResult>(result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        Follow(_buffer.Slice(0, consumed));
        _buffer = default;
        _inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => _inner.CompleteAsync(exception);

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    // Every request waits here once: an asynchronous method would cost more than it does.
    private ValueTask<ReadResult> Wait(ValueTask<ReadResult> reading)
    {
        Volatile.Write(ref _isWaiting, true);
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _waiting)?.TrySetResult();
        _read.Reset();
        _reading = reading.ConfigureAwait(false).GetAwaiter();
        _reading.UnsafeOnCompleted(_completeRead);
        return new ValueTask<ReadResult>(this, _read.Version);
    }

    private void CompleteRead()
    {
        Volatile.Write(ref _isWaiting, false);
        ReadResult result;
        try
        {
            result = _reading.GetResult();
        }
        catch (Exception e)
        {
            _read.SetException(e);
            return;
        }

        _buffer = result.Buffer;
        _read.SetResult(result);
    }

    private void Follow(in ReadOnlySequence<byte> consumed)
    {
        var length = consumed.Length;
        if (length == 0)
            return;

        if (_bodyLeft == 0)
            _headBytes += length;
        else if (!_isChunked)
            Volatile.Write(ref _bodyLeft, Math.Max(0, _bodyLeft - length));
        else
            FollowChunks(consumed);
        Volatile.Write(ref _consumed, _consumed + length);
    }

    private void FollowChunks(in ReadOnlySequence<byte> consumed)
    {
        foreach (var segment in consumed)
            _chunks.Feed(segment.Span);
        if (_chunks.Ended)
            Volatile.Write(ref _bodyLeft, 0);
    }
}
