using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Requests;

/// <summary>The body of an answer, of which the bytes are counted. Feature and stream in one: each request has one.</summary>
internal sealed class CountedResponseBody(IHttpResponseBodyFeature inner, ServedRequest request) : Stream, IHttpResponseBodyFeature
{
    private readonly Stream _stream = inner.Stream;
    private CountedWriter? _writer;

    public Stream Stream => this;

    public PipeWriter Writer => _writer ??= new CountedWriter(inner.Writer, request);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        request.BytesOut += count ?? new FileInfo(path).Length - offset;
        return inner.SendFileAsync(path, offset, count, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        request.BytesOut += buffer.Length;
        return _stream.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        request.BytesOut += count;
        return _stream.WriteAsync(buffer, offset, count, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        request.BytesOut += count;
        _stream.Write(buffer, offset, count);
    }

    public override void Flush() => _stream.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _stream.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
