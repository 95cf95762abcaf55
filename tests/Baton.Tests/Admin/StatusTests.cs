using System.Globalization;
using System.Text.Json;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Baton.Tests.Health;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary>What <c>GET /status</c> tells beyond the generation that answers.</summary>
public sealed class StatusTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_names_the_generations_before_it_and_what_they_wait_for_until_they_are_gone()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address));
        using var admin = new AdminRequests(daemon.AdminSocket);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };
        var first = daemon.Current;
        var held = new List<Task<string>> { client.GetStringAsync(new Uri("/held?id=1", UriKind.Relative), Token), client.GetStringAsync(new Uri("/held?id=2", UriKind.Relative), Token) };
        await backend.WaitForInFlightAsync(2, Token);
        await daemon.UpgradeAsync();
        using var other = new HttpClient { BaseAddress = client.BaseAddress };
        held.Add(other.GetStringAsync(new Uri("/held?id=3", UriKind.Relative), Token));
        await backend.WaitForInFlightAsync(3, Token);
        // Generation 2 can be upgraded when 1 can no longer resume.
        await admin.WaitForStatusAsync(status => status.GetProperty("isMain").GetBoolean(), Token);
        await daemon.UpgradeAsync();

        var status = await admin.WaitForStatusAsync(status => status.GetProperty("generations") is var all && all.GetArrayLength() == 3
            && all.EnumerateArray().SkipLast(1).All(one => one.GetProperty("phase").GetString() == "Draining"), Token);

        var generations = status.GetProperty("generations").EnumerateArray().ToList();
        Assert.Equal([1, 2, 3], generations.Select(one => one.GetProperty("number").GetInt32()));
        Assert.Equal(first.Pid, generations[0].GetProperty("pid").GetInt32());
        Assert.Equal(["Draining", "Draining", "Serving"], generations.Select(one => one.GetProperty("phase").GetString()));
        Assert.All(generations, one => Assert.Equal(first.Version, one.GetProperty("version").GetString()));
        Assert.Equal([2, 1, 0], generations.Select(one => one.GetProperty("open").GetProperty("requests").GetInt32()));
        Assert.Equal([2, 1, 0], generations.Select(one => one.GetProperty("open").GetProperty("busy").GetInt32()));
        var waitsFor = generations[0].GetProperty("waitsFor").EnumerateArray().Single();
        Assert.Equal(("all", "request", 2), (waitsFor.GetProperty("route").GetString(), waitsFor.GetProperty("kind").GetString(), waitsFor.GetProperty("count").GetInt32()));
        Assert.True(TimeSpan.Parse(waitsFor.GetProperty("oldest").GetString()!, CultureInfo.InvariantCulture) > TimeSpan.Zero);
        Assert.Empty(generations[2].GetProperty("waitsFor").EnumerateArray());

        backend.Held.Open();
        await Task.WhenAll(held);
        await admin.WaitForStatusAsync(status => status.GetProperty("generations").GetArrayLength() == 1, Token);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task It_shows_a_successor_that_prepares()
    {
        await using var silent = new SilentServer();
        await using var daemon = await DaemonProcess.StartAsync(silent.Probed(Config()).Set("ReverseProxy:Clusters:all:HealthCheck:Active:Interval", "00:10:00"));
        using var admin = new AdminRequests(daemon.AdminSocket);

        await admin.SendAsync(HttpMethod.Post, "/upgrade", Token);
        var status = await admin.WaitForStatusAsync(status => status.GetProperty("generations").GetArrayLength() == 2 && status.TryGetProperty("successorPid", out _), Token);

        var successor = status.GetProperty("generations")[1];
        Assert.Equal((2, "unknown", "Preparing"), (successor.GetProperty("number").GetInt32(), successor.GetProperty("version").GetString(), successor.GetProperty("phase").GetString()));
        Assert.Equal(status.GetProperty("successorPid").GetInt32(), successor.GetProperty("pid").GetInt32());
        await daemon.WaitForGenerationAsync(2);
        await daemon.WaitForOneProcessAsync();
        await admin.WaitForStatusAsync(status => status.GetProperty("reports").GetArrayLength() == 1, Token);

        using var upgrades = JsonDocument.Parse((await admin.SendAsync(HttpMethod.Get, "/upgrades", Token)).Body);
        Assert.Equal(2, Assert.Single(upgrades.RootElement.GetProperty("reports").EnumerateArray()).GetProperty("to").GetInt32());
        Assert.Contains(Destinations(await admin.StatusAsync(Token)), destination => destination.GetProperty("why").GetString()!.StartsWith("2 probes in a row failed, the last ", StringComparison.Ordinal));
        daemon.AssertNoUnexpectedWarnings("Active health state", "Probing destination");
    }

    [Fact]
    public async Task It_counts_connections_by_what_they_do_and_leaves_out_its_own()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().Listen(protocols: "Http2").ForwardTo(backend.Address));
        using var admin = new AdminRequests(daemon.AdminSocket);
        var report = new ClientReport("status");
        using var silent = await Http1Connection.OpenAsync(daemon.Port, report, null, Token);
        using var idle = await Http1Connection.OpenAsync(daemon.Port, report, null, Token);
        await idle.SendAsync("GET /echo?id=1 HTTP/1.1\r\nHost: x\r\n\r\n", Token);
        await idle.Reader.ReadTextAsync(await idle.Reader.ReadHeadAsync(Token), Token);
        using var busy = await Http1Connection.OpenAsync(daemon.Port, report, null, Token);
        await busy.SendAsync("GET /held?id=2 HTTP/1.1\r\nHost: x\r\n\r\n", Token);
        using var http2 = await Http2Connection.OpenAsync(daemon.Ports[1], report, Token);
        await http2.AskAsync("/echo?id=3", null, TimeSpan.FromSeconds(20), Token);
        using var socket = await WebSocketConnection.OpenAsync(daemon.Port, "/ws", report, Token);
        await backend.WaitForAsync("2", Token);

        // What was answered counts as such a moment later.
        static int Open(JsonElement status, string kind) => status.GetProperty("generations")[0].GetProperty("open").GetProperty(kind).GetInt32();
        var status = await admin.WaitForStatusAsync(status => (Open(status, "idle"), Open(status, "tunnels"), Open(status, "requests")) == (1, 1, 1), Token);

        var open = status.GetProperty("generations")[0].GetProperty("open");
        Assert.Equal(
            [("new", 1), ("idle", 1), ("busy", 1), ("http2", 1), ("tunnels", 1), ("requests", 1)],
            open.EnumerateObject().Select(one => (one.Name, one.Value.GetInt32())));
        Assert.Equal(5, status.GetProperty("open").GetProperty("connections").GetInt32());
        Assert.Equal(5, status.GetProperty("traffic").GetProperty("connections").GetInt32());
        backend.Held.Open();
    }

    [Fact]
    public async Task It_says_of_each_destination_whether_and_why()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var dead = FreePort.Next();
        var config = Config().ForwardTo(backend.Address, $"http://user:hunter2@127.0.0.1:{dead}/");
        await using (var daemon = await DaemonProcess.StartAsync(config))
        {
            using var admin = new AdminRequests(daemon.AdminSocket);
            var destinations = Destinations(await admin.StatusAsync(Token));
            Assert.Equal(["no checks are configured", "no checks are configured"], destinations.Select(one => one.GetProperty("why").GetString()));
            Assert.Equal($"http://***@127.0.0.1:{dead}/", destinations[1].GetProperty("address").GetString());
        }

        config.ForwardTo(backend.Address, $"http://127.0.0.1:{dead}/").Set("ReverseProxy:Clusters:all:HealthCheck:Active:Enabled", true).Set("ReverseProxy:Clusters:all:HealthCheck:Active:Path", "/probe");
        await using (var daemon = await DaemonProcess.StartAsync(config))
        {
            using var admin = new AdminRequests(daemon.AdminSocket);
            var destinations = Destinations(await admin.StatusAsync(Token));
            Assert.Equal((true, "answers probes"), (destinations[0].GetProperty("isAvailable").GetBoolean(), destinations[0].GetProperty("why").GetString()));
            Assert.False(destinations[1].GetProperty("isAvailable").GetBoolean());
            Assert.Matches("^a probe failed, the last [0-9]+ s ago$", destinations[1].GetProperty("why").GetString());
            daemon.AssertNoUnexpectedWarnings("Active health state", "Probing destination");
        }
    }

    [Fact]
    public async Task It_names_the_certificates_with_the_days_that_are_left()
    {
        using var certificate = new CertificateFiles();
        var config = certificate.ListenTls(Config());
        foreach (var key in new[] { "Path", "KeyPath" })
        {
            var file = JsonDocument.Parse(config.Build()).RootElement.GetProperty("Kestrel").GetProperty("Endpoints").GetProperty("Tls").GetProperty("Certificate").GetProperty(key).GetString();
            config.Set($"Kestrel:Endpoints:Named:Sni:a.example:Certificate:{key}", file);
            config.Set($"Kestrel:Certificates:Default:{key}", file);
        }

        config.Listen("https://127.0.0.1:0", name: "Named").Set("Kestrel:Endpoints:Named:Sni:*.b.example:Protocols", "Http1").Listen("https://127.0.0.1:0", name: "Plain");
        await using var daemon = await DaemonProcess.StartAsync(config);
        using var admin = new AdminRequests(daemon.AdminSocket);

        var certificates = (await admin.StatusAsync(Token)).GetProperty("certificates").EnumerateArray().ToList();

        Assert.Equal(["Named/*.b.example", "Named/a.example", "Plain", "Tls"], certificates.Select(one => one.GetProperty("endpoint").GetString()).Order(StringComparer.Ordinal));
        Assert.All(certificates, one => Assert.Equal(("localhost", 2100), (one.GetProperty("subject").GetString(), one.GetProperty("notAfter").GetDateTimeOffset().UtcDateTime.Year)));
        Assert.All(certificates, one => Assert.InRange(one.GetProperty("daysLeft").GetInt32(), 365 * 50, 365 * 80));
        daemon.AssertNoUnexpectedWarnings();
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200");

    private static List<JsonElement> Destinations(JsonElement status) => [.. status.GetProperty("clusters")[0].GetProperty("destinations").EnumerateArray()];
}
