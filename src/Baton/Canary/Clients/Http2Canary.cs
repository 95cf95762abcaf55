using System.Globalization;
using System.Net;

namespace Baton.Canary.Clients;

/// <summary>Makes request after request on one HTTP/2 connection; after GOAWAY (RFC 9113, 6.8) on the next.</summary>
internal sealed class Http2Canary(CanaryTarget target, string token, TimeProvider clock) : Canary("HTTP/2", target, token, clock), IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly HttpMessageInvoker _invoker = new(target.NewHandler());
    private int _number;

    public ValueTask DisposeAsync()
    {
        _invoker.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task ExchangeAsync(CancellationToken stop)
    {
        var number = (++_number).ToString(CultureInfo.InvariantCulture);
        using var deadline = Deadline();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Target.Uri, CanaryPaths.Echo + number))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add(CanaryPaths.Header, Token);
        using var response = await _invoker.SendAsync(request, deadline.Token);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new CanaryException($"answered with {(int)response.StatusCode}");
        Check(number, await response.Content.ReadAsStringAsync(deadline.Token));
        await PauseAsync(Pause, stop);
    }
}
