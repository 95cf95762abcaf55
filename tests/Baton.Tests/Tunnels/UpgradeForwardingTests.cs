using System.Text;
using System.Text.Json.Nodes;
using Baton.Tests.Admin;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Tunnels;

/// <summary>What YARP does for a request it does for an upgrade, and what cannot be a tunnel it forwards by itself.</summary>
public sealed class UpgradeForwardingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transforms_apply()
    {
        await using var scene = await UpgradeScene.StartAsync(SwitchAsync, config => config
            .Set("ReverseProxy:Routes:all:Match:Path", "/app/{**rest}")
            .Set("ReverseProxy:Routes:all:Transforms", new JsonArray(
                new JsonObject { ["PathRemovePrefix"] = "/app" },
                new JsonObject { ["RequestHeader"] = "X-Added", ["Set"] = "on the way" },
                new JsonObject { ["ResponseHeader"] = "X-Answered", ["Set"] = "on the way back" })));

        var (_, head) = await scene.AskAsync(target: "/app/chat/a%20b?room=1", headers: "X-Own: kept\r\n");

        Assert.Equal(101, head.Status);
        Assert.Equal("on the way back", head.Headers["X-Answered"]);
        var asked = Assert.Single(scene.Heads);
        Assert.StartsWith("GET /chat/a%20b?room=1 HTTP/1.1\r\n", asked, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: 127.0.0.1:{scene.Destination.Port}\r\n", asked, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Added: on the way\r\n", asked, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Own: kept\r\n", asked, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-For: 127.0.0.1\r\n", asked, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-Host: client.example\r\n", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_stays_at_its_destination()
    {
        await using var other = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(UpgradeScene.Switching("websocket", "X-Name: other\r\n"));
            await connection.ReadToEndAsync();
        });
        await using var scene = await UpgradeScene.StartAsync(SwitchAsync, config => config
            .Set("ReverseProxy:Clusters:all:Destinations:d2:Address", $"http://127.0.0.1:{other.Port}")
            .Set("ReverseProxy:Clusters:all:SessionAffinity", new JsonObject { ["Enabled"] = true, ["Policy"] = "HashCookie", ["AffinityKeyName"] = "sticky" }));

        var (_, first) = await scene.AskAsync();
        var cookie = first.Headers["Set-Cookie"].Split(';')[0];
        for (var i = 0; i < 4; i++)
        {
            var (_, head) = await scene.AskAsync(headers: $"Cookie: {cookie}\r\n");
            Assert.Equal(101, head.Status);
            Assert.Equal(first.Headers.GetValueOrDefault("X-Name"), head.Headers.GetValueOrDefault("X-Name"));
        }
    }

    [Fact]
    public async Task A_destination_may_be_a_host_name()
    {
        await using var scene = await UpgradeScene.StartAsync(_ => Task.CompletedTask);
        await using var named = new FaultyServer(connection => SwitchAsync(connection));
        new ConfigBuilder().Listen().ForwardTo($"http://localhost:{named.Port}/").WriteTo(scene.Daemon.ConfigFile);
        await scene.Daemon.WaitForLogAsync("Routes and clusters reloaded");

        Assert.Equal(101, (await scene.AskAsync()).Head.Status);
    }

    [Theory]
    [InlineData("/greet/a%20b", true)]
    [InlineData("/greet/a%0D%0AInjected:%20b", false)]
    [InlineData("/greet/a%0AInjected:%20b", false)]
    public async Task What_a_path_decodes_to_adds_no_header(string target, bool isHeaderValue)
    {
        await using var scene = await UpgradeScene.StartAsync(SwitchAsync, config => config
            .Set("ReverseProxy:Routes:all:Match:Path", "/greet/{name}")
            .Set("ReverseProxy:Routes:all:Transforms", new JsonArray(new JsonObject { ["RequestHeaderRouteValue"] = "X-Name", ["Set"] = "name" })));

        await scene.AskAsync(target: target);

        var asked = Assert.Single(scene.Heads);
        Assert.StartsWith($"GET {target} HTTP/1.1\r\n", asked, StringComparison.Ordinal);
        Assert.Equal(isHeaderValue, asked.Contains("\r\nX-Name: a b\r\n", StringComparison.Ordinal));
        Assert.DoesNotContain("\nInjected", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_header_adds_no_other()
    {
        await using var scene = await UpgradeScene.StartAsync(async connection =>
        {
            await connection.WriteAsync(UpgradeScene.Switching("websocket", "X-Bad: a\rInjected: b\r\n"));
            await connection.ReadToEndAsync();
        });

        var (_, head) = await scene.AskAsync();

        Assert.Equal("a Injected: b", head.Headers["X-Bad"]);
        Assert.DoesNotContain("Injected", head.Headers.Keys);
    }

    [Theory]
    [InlineData("h2c")]
    [InlineData("foo, h2c")]
    [InlineData("TLS/1.2, HTTP/1.1")]
    public async Task A_protocol_that_would_carry_HTTP_past_the_routes_is_not_switched_to(string protocol)
    {
        await using var scene = await UpgradeScene.StartAsync(connection => connection.AnswerAsync("plain"));

        var (client, head) = await scene.AskAsync(protocol);

        Assert.Equal(200, head.Status);
        Assert.Equal("plain", await client.Reader.ReadTextAsync(head, scene.Token));
        Assert.DoesNotContain("\r\nUpgrade:", Assert.Single(scene.Heads), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_request_with_a_body_is_forwarded_without_the_upgrade()
    {
        await using var scene = await UpgradeScene.StartAsync(async connection =>
            await connection.AnswerAsync(Encoding.ASCII.GetString(await connection.ReadAsync(4))));

        var (client, head) = await scene.AskAsync("foo", headers: "Content-Length: 4\r\n\r\nbody");

        Assert.Equal("body", await client.Reader.ReadTextAsync(head, scene.Token));
        Assert.DoesNotContain("\r\nUpgrade:", Assert.Single(scene.Heads), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task HEAD_is_forwarded_without_the_upgrade()
    {
        await using var scene = await UpgradeScene.StartAsync(connection => connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"));

        Assert.Equal(200, (await scene.AskAsync("foo", method: "HEAD")).Head.Status);
        var asked = Assert.Single(scene.Heads);
        Assert.StartsWith("HEAD / ", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nUpgrade:", asked, StringComparison.OrdinalIgnoreCase);
    }

    // The second daemon takes the WebSocket from the first by TLS, or by HTTP/2.
    [Theory]
    [InlineData("https", null)]
    [InlineData("http", "Http2")]
    public async Task A_WebSocket_over_TLS_or_HTTP2_is_left_to_YARP(string scheme, string? protocols)
    {
        using var certificate = new CertificateFiles();
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var behind = scheme == "https" ? certificate.ListenTls(new ConfigBuilder()) : new ConfigBuilder().Listen(protocols: protocols);
        await using var second = await DaemonProcess.StartAsync(behind.ForwardTo(backend.Address));
        await using var first = await DaemonProcess.StartAsync(new ConfigBuilder()
            .Listen()
            .ForwardTo($"{scheme}://127.0.0.1:{second.Port}")
            .Set("ReverseProxy:Clusters:all:HttpClient:DangerousAcceptAnyServerCertificate", true)
            .Set("ReverseProxy:Clusters:all:HttpRequest:Version", protocols is null ? "1.1" : "2")
            .Set("ReverseProxy:Clusters:all:HttpRequest:VersionPolicy", "RequestVersionExact"));

        using var early = await WebSocketConnection.OpenAsync(first.Port, "/ws", new ClientReport("echo"), Token);
        using var late = await WebSocketConnection.OpenAsync(first.Port, "/ws", new ClientReport("echo"), Token);
        await ExpectEchoAsync(early, "through both");

        // What other connections move for, these carry on in the old generation.
        await first.UpgradeAsync();
        using var admin = new AdminRequests(first.AdminSocket);
        await admin.WaitForStatusAsync(status => status.GetProperty("generations")[0].GetProperty("phase").GetString() == "Draining", Token);
        await ExpectEchoAsync(early, "still there");
        await ExpectEchoAsync(late, "spoken first after the upgrade");
    }

    private static async Task ExpectEchoAsync(WebSocketConnection socket, string text)
    {
        await socket.SendAsync(new WebSocketFrame(WebSocketOpcode.Text, true, Encoding.UTF8.GetBytes(text)), Token);
        Assert.Equal(text, (await socket.ReceiveAsync(Token).WaitAsync(TimeSpan.FromSeconds(10), Token)).Text);
    }

    private static async Task SwitchAsync(FaultyConnection connection)
    {
        await connection.WriteAsync(UpgradeScene.Switching("websocket"));
        await connection.ReadToEndAsync();
    }
}
