using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary><c>GET /config</c>: what is in force and where it was set, and no secret.</summary>
public sealed class ConfigTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task None_of_the_secrets_of_a_configuration_is_shown_by_any_answer()
    {
        using var certificate = new CertificateFiles();
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var planted = 0;
        string Secret() => $"planted{++planted:00}secret";
        var config = certificate.ListenTls(new ConfigBuilder().Listen()).ForwardTo($"http://{Secret()}:{Secret()}@127.0.0.1:{backend.Port}/")
            .Baton("Admin:Token", $"{Secret()}0123456789")
            .Set("ReverseProxy:Clusters:all:HealthCheck:Active:Path", $"/probe?api_key={Secret()}")
            .Set("ReverseProxy:Clusters:all:HealthCheck:Active:Query", $"?token={Secret()}")
            .Set("ReverseProxy:Clusters:all:HttpClient:WebProxy:Address", $"http://{Secret()}@127.0.0.1:1/")
            .Set("ReverseProxy:Clusters:all:Metadata:UpstreamPassword", Secret())
            .Set("ReverseProxy:Clusters:all:Metadata:note", $"Authorization: Basic {Secret()}")
            .Set("ReverseProxy:Routes:all:Metadata:ClientSecret", Secret())
            .Set("ReverseProxy:Routes:all:Transforms", new JsonArray(
                new JsonObject { ["RequestHeader"] = "Authorization", ["Set"] = $"Bearer {Secret()}" },
                new JsonObject { ["RequestHeader"] = "X-Origin", ["Append"] = Secret() },
                new JsonObject { ["QueryValueParameter"] = "k", ["Set"] = Secret() }))
            .Set("ReverseProxy:Routes:other:ClusterId", "all")
            .Set("ReverseProxy:Routes:other:Match:Path", "/other")
            .Set("ReverseProxy:Routes:other:Match:Headers", new JsonArray(new JsonObject { ["Name"] = "X-Edge", ["Values"] = new JsonArray(Secret()) }))
            .Set("Serilog:Properties:ApiKey", Secret())
            .Set("Serilog:Properties:Dsn", $"https://{Secret()}@sentry.example/1")
            .Set("MyOwn:Section", Secret());
        var start = new DaemonStart { Environment = new Dictionary<string, string?> { ["BATON__ReverseProxy__Clusters__all__Metadata__token"] = Secret() } };
        start = start with { Arguments = [.. start.Arguments, "--set", $"ReverseProxy:Clusters:all:Metadata:password={Secret()}"] };
        await using var daemon = await DaemonProcess.StartAsync(config, start);
        using var admin = new AdminRequests(daemon.AdminSocket);

        var (code, text) = await admin.SendAsync(HttpMethod.Get, "/config", Token);

        Assert.Equal(200, code);
        Assert.DoesNotContain("planted", text, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", (await admin.SendAsync(HttpMethod.Get, "/status", Token)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(daemon.Log.Lines, line => line.Contains("planted", StringComparison.Ordinal));
        var settings = JsonDocument.Parse(text).RootElement.GetProperty("settings").EnumerateArray().ToDictionary(one => one.GetProperty("key").GetString()!);
        Assert.Equal("***", settings["Serilog:Properties:ApiKey"].GetProperty("value").GetString());
        Assert.Equal("environment variable BATON__ReverseProxy__Clusters__all__Metadata__token", settings["ReverseProxy:Clusters:all:Metadata:token"].GetProperty("source").GetString());
        Assert.Equal("--set ReverseProxy:Clusters:all:Metadata:password", settings["ReverseProxy:Clusters:all:Metadata:password"].GetProperty("source").GetString());
        Assert.Equal(18, planted);
    }

    [Fact]
    public async Task It_shows_what_is_in_force_defaults_and_live_changes_included()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = new ConfigBuilder().Listen().Baton("DrainTimeout", "00:00:07");
        await using var daemon = await DaemonProcess.StartAsync(config);
        using var admin = new AdminRequests(daemon.AdminSocket);
        var before = await SettingsAsync(admin);
        Assert.Equal("00:00:07", before["Baton:DrainTimeout"].GetProperty("value").GetString());
        Assert.StartsWith(daemon.ConfigFile + ":", before["Baton:DrainTimeout"].GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.Equal(("00:00:30", "default"), (before["Baton:ReadyTimeout"].GetProperty("value").GetString(), before["Baton:ReadyTimeout"].GetProperty("source").GetString()));
        Assert.False(before["Baton:Admin:Token"].TryGetProperty("value", out _));

        config.ForwardTo(backend.Address).Baton("DrainTimeout", "00:00:08").WriteTo(daemon.ConfigFile);
        await daemon.WaitForLogAsync("takes effect with the next upgrade");
        var after = await SettingsAsync(admin);

        Assert.Equal(backend.Address, after["ReverseProxy:Clusters:all:Destinations:d1:Address"].GetProperty("value").GetString());
        Assert.Equal("00:00:07", after["Baton:DrainTimeout"].GetProperty("value").GetString());
    }

    private static async Task<Dictionary<string, JsonElement>> SettingsAsync(AdminRequests admin) =>
        JsonDocument.Parse((await admin.SendAsync(HttpMethod.Get, "/config", Token)).Body).RootElement.GetProperty("settings").EnumerateArray().ToDictionary(one => one.GetProperty("key").GetString()!);
}
