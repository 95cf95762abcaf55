using System.Globalization;
using System.Net;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary>The admin interface on TCP: who may ask, and that it is no public listener.</summary>
public sealed class AdminTcpTests
{
    private const string Secret = "a-token-of-the-tests-7531";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_answers_through_upgrades_and_is_no_public_listener()
    {
        var port = FreePort.Next();
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config(port).ForwardTo(backend.Address));
        using var admin = new AdminRequests(port);
        await daemon.WaitForLogAsync($"to watch     http://127.0.0.1:{port}");

        for (var generation = 1; generation <= 3; generation++)
        {
            var status = await admin.StatusAsync(Token);
            Assert.Equal(generation, status.GetProperty("generation").GetInt32());
            Assert.Equal([$"http://127.0.0.1:{daemon.Port}"], status.GetProperty("listeners").EnumerateArray().Select(address => address.GetString()));
            Assert.Equal((0, 0), (status.GetProperty("open").GetProperty("connections").GetInt32(), status.GetProperty("open").GetProperty("requests").GetInt32()));
            Assert.Equal(404, (await admin.SendAsync(HttpMethod.Get, "/anything", Token)).Code);
            Assert.Equal((202, 200), ((await admin.SendAsync(HttpMethod.Post, "/upgrade", Token)).Code, (await admin.SendAsync(HttpMethod.Get, "/healthz", Token)).Code));
            await daemon.WaitForGenerationAsync(generation + 1);
            await daemon.WaitForOneProcessAsync();
        }

        Assert.Equal(0, backend.Requests);
        daemon.AssertNoUnexpectedWarnings();
        Assert.Contains("Since generation 1: 0 connections accepted, 0 requests answered", await daemon.WaitForLogAsync("Since generation 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_token_it_is_needed_for_everything_but_health()
    {
        var port = FreePort.Next();
        await using var daemon = await DaemonProcess.StartAsync(Config(port).Baton("Admin:Token", Secret));
        using var stranger = new AdminRequests(port);
        using var guesser = new AdminRequests(port, Secret[..^1] + "2");
        using var owner = new AdminRequests(port, Secret);
        using var socket = new AdminRequests(daemon.AdminSocket);

        foreach (var (method, path) in new[] { (HttpMethod.Get, "/status"), (HttpMethod.Post, "/upgrade"), (HttpMethod.Get, "/nothing") })
        {
            Assert.Equal(401, (await stranger.SendAsync(method, path, Token)).Code);
            Assert.Equal(401, (await guesser.SendAsync(method, path, Token)).Code);
        }

        Assert.Equal((200, 200), ((await stranger.SendAsync(HttpMethod.Get, "/healthz", Token)).Code, (await stranger.SendAsync(HttpMethod.Get, "/readyz", Token)).Code));
        Assert.Equal((200, 200), ((await owner.SendAsync(HttpMethod.Get, "/status", Token)).Code, (await socket.SendAsync(HttpMethod.Get, "/status", Token)).Code));
        Assert.Equal(200, (await owner.SendAsync(HttpMethod.Get, "/status", Token, ("Host", "baton.example"))).Code);
        Assert.Equal(1, daemon.Current.Number);
        Assert.Equal("Bearer realm=\"baton\"", await ChallengeAsync(port));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Without_a_token_pages_of_other_sites_are_kept_out()
    {
        var port = FreePort.Next();
        await using var daemon = await DaemonProcess.StartAsync(Config(port));
        using var admin = new AdminRequests(port);

        foreach (var host in new[] { "evil.example", $"evil.example:{port}", "localhost.evil.example", "127.0.0.1.evil.example" })
            Assert.Equal(421, (await admin.SendAsync(HttpMethod.Get, "/status", Token, ("Host", host))).Code);
        foreach (var host in new[] { "localhost", $"localhost:{port}", $"127.0.0.1:{port}", "[::1]" })
            Assert.Equal(200, (await admin.SendAsync(HttpMethod.Get, "/status", Token, ("Host", host))).Code);

        foreach (var header in new[] { ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", $"https://127.0.0.1:{port}"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site") })
            Assert.Equal(403, (await admin.SendAsync(HttpMethod.Post, "/upgrade", Token, header)).Code);
        Assert.Equal(1, daemon.Current.Number);

        Assert.Equal(200, (await admin.SendAsync(HttpMethod.Post, "/canary", Token, ("Origin", $"http://127.0.0.1:{port}"), ("Sec-Fetch-Site", "same-origin"))).Code);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var port = FreePort.Next();
        await using var daemon = await DaemonProcess.StartAsync(Config(port));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.ExpectContinue = true; // Or the answer may come while the body is still on its way.

        using var content = new ByteArrayContent(new byte[128 * 1024]);
        using var response = await client.PostAsync(new Uri("/canary", UriKind.Relative), content, Token);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private static ConfigBuilder Config(int port) => new ConfigBuilder().Listen()
        .Baton("Probation", "00:00:00")
        .Baton("IdleLinger", "00:00:00.200")
        .Baton("Admin:Address", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));

    private static async Task<string> ChallengeAsync(int port)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/status"), Token);
        return response.Headers.WwwAuthenticate.ToString();
    }
}
