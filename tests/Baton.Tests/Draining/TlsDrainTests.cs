using System.Net;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Draining;

/// <summary>HTTP/2 inside TLS: a connection that is never idle leaves all the same, long before the deadline.</summary>
public sealed class TlsDrainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_busy_HTTP2_connection_over_TLS_moves_on_without_a_failed_request()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        using var certificate = new CertificateFiles();
        var config = certificate.ListenTls(new ConfigBuilder())
            .ForwardTo(backend.Address)
            .Baton("DrainTimeout", "00:10:00");
        await using var daemon = await DaemonProcess.StartAsync(config);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = CertificateFiles.IsOurs;
        using var client = new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://127.0.0.1:{daemon.Port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var stop = new CancellationTokenSource();
        var lanes = Enumerable.Range(0, 8).Select(lane => AskAgainAndAgainAsync(client, lane, stop.Token)).ToList();
        await daemon.UpgradeAsync();
        await daemon.WaitForOneProcessAsync();
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(lanes), count => Assert.True(count > 0));
        await daemon.WaitForLogAsync("cut: nothing");
        daemon.AssertNoUnexpectedWarnings();
    }

    private static async Task<int> AskAgainAndAgainAsync(HttpClient client, int lane, CancellationToken stop)
    {
        var count = 0;
        while (!stop.IsCancellationRequested)
            Assert.Equal($"{lane}-{count}", await client.GetStringAsync(new Uri($"/slow?ms=20&id={lane}-{count++}", UriKind.Relative), Token));
        return count;
    }
}
