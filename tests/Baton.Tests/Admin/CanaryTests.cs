using System.Net;
using Baton.Canary;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary>The canary paths: there with a token, not there without one, and never more than a little.</summary>
public sealed class CanaryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_good_token_they_go_to_the_routes()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address));
        using var admin = new AdminRequests(daemon.AdminSocket);
        var good = await admin.CanaryTokenAsync(Token);

        foreach (var token in new[] { null, "", "nonsense", "99999999999.00", good[..^1] + (good[^1] == '0' ? '1' : '0'), "1" + good })
            await AskAsync(daemon, CanaryPaths.Echo + "7", token);
        Assert.Equal(6, backend.Requests);

        await AskAsync(daemon, "/elsewhere", good);
        Assert.Equal(7, backend.Requests);

        var (code, answer) = await AskAsync(daemon, CanaryPaths.Echo + "7", good);
        Assert.Equal((HttpStatusCode.OK, "7 1"), (code, answer));
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(daemon, CanaryPaths.Prefix + "/else", good)).Code);
        Assert.Equal(7, backend.Requests);
    }

    [Fact]
    public async Task A_body_of_more_than_a_mebibyte_is_refused()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen());
        using var admin = new AdminRequests(daemon.AdminSocket);
        var token = await admin.CanaryTokenAsync(Token);

        Assert.Equal((HttpStatusCode.OK, "1048576 1"), await AskAsync(daemon, CanaryPaths.Upload, token, new byte[1024 * 1024]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await AskAsync(daemon, CanaryPaths.Upload, token, new byte[1024 * 1024 + 1])).Code);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public void A_token_ends_and_is_good_wherever_the_key_is_known()
    {
        var directory = Directory.CreateTempSubdirectory("baton-key-");
        try
        {
            var socket = Path.Combine(directory.FullName, "a.sock");
            var clock = new SettableClock();
            var token = new CanaryTokens(new CanaryKey(socket), clock).Issue();
            var successor = new CanaryTokens(new CanaryKey(socket), clock);
            var stranger = new CanaryTokens(new CanaryKey(null), clock);

            Assert.True(successor.IsValid(token));
            Assert.False(stranger.IsValid(token));
            clock.Now += CanaryTokens.Life - TimeSpan.FromSeconds(1);
            Assert.True(successor.IsValid(token));
            clock.Now += TimeSpan.FromSeconds(1);
            Assert.False(successor.IsValid(token));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<(HttpStatusCode Code, string Answer)> AskAsync(DaemonProcess daemon, string path, string? token, byte[]? body = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri($"http://127.0.0.1:{daemon.Port}{path}"));
        if (token is not null)
            request.Headers.TryAddWithoutValidation(CanaryPaths.Header, token);
        if (body is not null)
            request.Content = new ByteArrayContent(body);
        using var response = await client.SendAsync(request, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
