using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Baton.Tests.Admin;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Health;

/// <summary>One of two destinations is down, and every generation knows it from its first request on.</summary>
public sealed class KnownHealthTests
{
    // What the daemon itself says of the destination that is down.
    private const string OfTheDeadOne = "Yarp.ReverseProxy.Health";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_sent_to_a_destination_that_never_answers_in_any_of_eleven_generations()
    {
        await using var silent = new SilentServer();
        await RunAsync(silent.Address);
        Assert.Equal(0, silent.Requests);
        Assert.True(silent.Probes > 10, $"{silent.Probes} probes");
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_destination_that_refuses_connections_in_any_of_eleven_generations()
    {
        using var port = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        port.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // Bound, so that nobody else gets it, and not listening.
        await RunAsync($"http://{port.LocalEndPoint}");
    }

    [Fact]
    public async Task A_probe_that_is_never_answered_delays_ready_by_its_own_timeout_and_no_longer()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var silent = new SilentServer();
        await using var daemon = await DaemonProcess.StartAsync(Config(backend.Address, silent.Address, timeout: "00:00:02"));
        var took = TimeProvider.System.GetTimestamp();
        await daemon.UpgradeAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(took).TotalSeconds, 2, 8);
        daemon.AssertNoUnexpectedWarnings(OfTheDeadOne);
    }

    [Fact]
    public async Task A_successor_that_cannot_wait_for_its_own_probes_knows_what_its_predecessor_knew()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var silent = new SilentServer();
        await using var daemon = await DaemonProcess.StartAsync(Config(backend.Address, silent.Address).Baton("ReadyTimeout", "00:00:05"));
        Config(backend.Address, silent.Address, timeout: "00:01:00").Baton("ReadyTimeout", "00:00:05").WriteTo(daemon.ConfigFile);
        await daemon.UpgradeAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };
        for (var count = 0; count < 20; count++)
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(client)).StatusCode);
        Assert.Equal(0, silent.Requests);
        daemon.AssertNoUnexpectedWarnings(OfTheDeadOne, "The preparation InitialProbes was not done");
    }

    [Fact]
    public async Task Asked_to_end_while_a_probe_is_out_it_ends_at_once()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var silent = new SilentServer();
        await using var daemon = DaemonProcess.Launch(Config(backend.Address, silent.Address, timeout: "00:00:20"));
        await daemon.WaitForLogAsync("to stop"); // The banner is there before the probes have ended.
        var asked = TimeProvider.System.GetTimestamp();
        daemon.Signal(daemon.FirstPid, Signo.SIGTERM);
        Assert.Equal(0, await daemon.FirstExitCodeAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(asked).TotalSeconds, 0, 8);
    }

    [Fact]
    public async Task A_destination_that_failed_requests_stays_out_over_an_upgrade()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var failed = 0;
        await using var failing = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            Interlocked.Increment(ref failed);
            connection.Reset();
        });
        var config = new ConfigBuilder().Listen().ForwardTo(backend.Address, $"http://127.0.0.1:{failing.Port}").Baton("Probation", "00:00:00.500");
        config.Set("ReverseProxy:Clusters:all:HealthCheck:Passive", new JsonObject { ["Enabled"] = "true", ["ReactivationPeriod"] = "00:10:00" });
        await using var daemon = await DaemonProcess.StartAsync(config);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };
        var inRow = 0;
        for (var count = 0; count < 200 && inRow < 10; count++)
            inRow = (await GetAsync(client)).IsSuccessStatusCode ? inRow + 1 : 0;
        Assert.Equal(10, inRow);

        var before = Volatile.Read(ref failed);
        for (var upgrade = 0; upgrade < 3; upgrade++)
        {
            await daemon.UpgradeAsync();
            for (var count = 0; count < 20; count++)
                Assert.Equal(HttpStatusCode.OK, (await GetAsync(client)).StatusCode);
        }

        Assert.Equal(before, Volatile.Read(ref failed));
        daemon.AssertNoUnexpectedWarnings("Yarp.ReverseProxy");
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client)
    {
        var response = await client.GetAsync(new Uri("/", UriKind.Relative), Token);
        response.Dispose();
        return response;
    }

    private static async Task RunAsync(string dead)
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config(backend.Address, dead));
        using var admin = new AdminRequests(daemon.AdminSocket);
        await admin.WaitForStatusAsync(status => status.GetProperty("clusters")[0].GetProperty("destinations")[0].GetProperty("isAvailable").GetBoolean(), Token);
        await using var traffic = new Traffic(TimeSpan.FromMinutes(3), backend).Add(
            new KeepAliveClient(daemon.Port, connections: 4),
            new ConnectionPerRequestClient(daemon.Port));
        await traffic.StartAsync(Token);
        for (var upgrade = 0; upgrade < 10; upgrade++)
        {
            await daemon.UpgradeAsync();
            await traffic.WaitForAnswersAsync(20, cancellationToken: Token);
        }

        await traffic.StopAsync(Token);
        TestContext.Current.SendDiagnosticMessage(traffic.Summary());
        traffic.AssertNothingLost();
        daemon.AssertNoUnexpectedWarnings(OfTheDeadOne);
    }

    private static ConfigBuilder Config(string alive, string dead, string timeout = "00:00:01")
    {
        var config = new ConfigBuilder().Listen().ForwardTo(alive, dead).Baton("Probation", "00:00:00.500").Baton("IdleLinger", "00:00:00.200");
        config.Set("ReverseProxy:Clusters:all:Metadata", new JsonObject { ["ConsecutiveFailuresHealthPolicy.Threshold"] = "2" });
        return config.Set("ReverseProxy:Clusters:all:HealthCheck:Active", new JsonObject
        {
            ["Enabled"] = "true",
            ["Interval"] = "00:00:01",
            ["Timeout"] = timeout,
            ["Policy"] = "ConsecutiveFailures",
            ["Path"] = SilentServer.ProbePath,
        });
    }
}
