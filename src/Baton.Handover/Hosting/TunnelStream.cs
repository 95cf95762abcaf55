using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>The client's side of a tunnel. If it is a WebSocket it knows where frames end, so that a close frame can be put in.</summary>
internal sealed class TunnelStream(Stream inner, bool isWebSocket, TunnelDrainPolicy policy) : Stream, ITunnel
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private WebSocketFrameBoundary _frames;
    private bool _closed;

    public TunnelDrainPolicy Policy => policy;

    public bool CanMove => false;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public async Task<bool> TryCloseAsync(int code, CancellationToken cancellation)
    {
        if (!isWebSocket)
            return false;
        await _writing.WaitAsync(cancellation);
        try
        {
            if (_closed || !_frames.CanInsert)
                return false;
            _closed = true;
            await inner.WriteAsync(WebSocketFrameBoundary.CloseFrame(code), cancellation);
            await inner.FlushAsync(cancellation);
            return true;
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_closed)
                return; // Nothing may follow the close frame.
            if (isWebSocket)
                _frames.Feed(buffer.Span);
            await inner.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
