using System.Net;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Configuration;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary>What a load balancer in front and its clients see of <c>POST /drain</c> and <c>POST /undrain</c>.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_not_ready_but_serves_on_over_upgrades_until_it_is_undone()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address));
        using var admin = new AdminRequests(daemon.AdminSocket);
        await AssertAsync(daemon, admin, isDraining: false);

        Assert.Equal(200, (await admin.SendAsync(HttpMethod.Post, "/drain", Token)).Code);
        Assert.Equal(200, (await admin.SendAsync(HttpMethod.Post, "/drain", Token)).Code);
        await AssertAsync(daemon, admin, isDraining: true);
        for (var upgrade = 0; upgrade < 2; upgrade++)
        {
            await daemon.UpgradeAsync();
            await daemon.WaitForOneProcessAsync();
            await AssertAsync(daemon, admin, isDraining: true);
        }

        Assert.Equal(200, (await admin.SendAsync(HttpMethod.Post, "/undrain", Token)).Code);
        await AssertAsync(daemon, admin, isDraining: false);
        await daemon.UpgradeAsync();
        await daemon.WaitForOneProcessAsync();
        await AssertAsync(daemon, admin, isDraining: false);
        Assert.Single(daemon.Log.Lines, line => line.Contains("Drained for a load balancer in front, asked for by the admin socket", StringComparison.Ordinal));
        Assert.Single(daemon.Log.Lines, line => line.Contains("Drained no more, asked for by the admin socket", StringComparison.Ordinal));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task An_HTTP2_client_gets_GOAWAY_when_it_uses_its_connection_and_no_request_is_lost()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen(protocols: "Http2"));
        using var admin = new AdminRequests(daemon.AdminSocket);
        var report = new ClientReport("drain");
        using var connection = await Http2Connection.OpenAsync(daemon.Port, report, Token);
        Assert.Equal(200, (await connection.AskAsync("/", null, Deadline, Token))!.Status);

        await admin.SendAsync(HttpMethod.Post, "/drain", Token);
        Assert.True(connection.Opens);
        Assert.Equal(200, (await connection.AskAsync("/", null, Deadline, Token))!.Status);
        await daemon.WaitAsync(() => !connection.Opens, "say GOAWAY");
        Assert.Null(connection.Fault);

        await admin.SendAsync(HttpMethod.Post, "/undrain", Token);
        using var another = await Http2Connection.OpenAsync(daemon.Port, report, Token);
        Assert.Equal(200, (await another.AskAsync("/", null, Deadline, Token))!.Status);
        Assert.Equal(200, (await another.AskAsync("/", null, Deadline, Token))!.Status);
        Assert.True(another.Opens);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Inside_TLS_every_request_is_answered_on_a_connection_of_its_own(string version)
    {
        using var certificate = new CertificateFiles();
        await using var daemon = await DaemonProcess.StartAsync(certificate.ListenTls(new ConfigBuilder()));
        using var admin = new AdminRequests(daemon.AdminSocket);
        var connects = new ConnectCounter();
        using var handler = connects.Handler();
        handler.SslOptions.RemoteCertificateValidationCallback = CertificateFiles.IsOurs;
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{daemon.Port}"), DefaultRequestVersion = Version.Parse(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Task AskAsync() => client.GetStringAsync(new Uri("/", UriKind.Relative), Token);
        await AskAsync();
        await AskAsync();
        Assert.Equal(1, connects.Count);

        await admin.SendAsync(HttpMethod.Post, "/drain", Token);
        if (version == "1.1")
        {
            for (var request = 0; request < 4; request++)
                await AskAsync();
            Assert.Equal(4, connects.Count);
        }
        else
        {
            // GOAWAY may come after the answer, when the next request is out already.
            await Eventually.Holds(
                async () =>
                {
                    await AskAsync();
                    return connects.Count >= 4;
                },
                "each connection is left for another");
        }

        daemon.AssertNoUnexpectedWarnings();
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200");

    private static async Task AssertAsync(DaemonProcess daemon, AdminRequests admin, bool isDraining)
    {
        Assert.Equal(isDraining, (await admin.StatusAsync(Token)).GetProperty("isDraining").GetBoolean());
        Assert.Equal(200, (await admin.SendAsync(HttpMethod.Get, "/healthz", Token)).Code);
        var (code, text) = await admin.SendAsync(HttpMethod.Get, "/readyz", Token);
        Assert.Equal(isDraining ? 503 : 200, code);
        Assert.Equal(isDraining, text.Contains("was drained by an operator", StringComparison.Ordinal));

        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{daemon.Port}/echo?id=1"), Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(isDraining, response.Headers.ConnectionClose == true);
    }
}
