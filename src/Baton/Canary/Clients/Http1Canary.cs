namespace Baton.Canary.Clients;

/// <summary>A canary with one HTTP/1.1 connection, opened anew when an answer has asked to close it.</summary>
internal abstract class Http1Canary(string name, CanaryTarget target, string token, TimeProvider clock)
    : Canary(name, target, token, clock), IAsyncDisposable
{
    private Http1Link? _link;

    public async ValueTask DisposeAsync()
    {
        if (_link is not null)
            await _link.DisposeAsync();
    }

    protected string Head(string method, string path) =>
        $"{method} {path} HTTP/1.1\r\nHost: {Target.Uri.Authority}\r\n{CanaryPaths.Header}: {Token}\r\n";

    protected async Task<Http1Link> LinkAsync(CancellationToken cancellationToken)
    {
        if (_link is { IsClosing: true })
        {
            await _link.DisposeAsync();
            _link = null;
        }

        return _link ??= await Http1Link.OpenAsync(Target, cancellationToken);
    }
}
