using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Requests;

/// <summary>The body of an answer, of which the bytes are counted. Feature and stream in one, since each request has one.</summary>
internal sealed class CountedResponseBody(IHttpResponseBodyFeature inner, ServedRequest request) : CountedStream(inner.Stream, request), IHttpResponseBodyFeature
{
    private readonly ServedRequest _request = request;
    private CountedWriter? _writer;

    public Stream Stream => this;

    public PipeWriter Writer => _writer ??= new CountedWriter(inner.Writer, _request);

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        _request.BytesOut += count ?? new FileInfo(path).Length - offset;
        return inner.SendFileAsync(path, offset, count, cancellationToken);
    }
}
