using System.Text.Json.Nodes;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Baton.Tests.Health;
using Xunit;

namespace Baton.Tests.Upgrades;

/// <summary>What a generation does not take from others: the processor while it prepares, memory once it has started.</summary>
public sealed class FrugalityTests
{
    private const int Ordinary = 0;
    private const int Batch = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_successor_leaves_the_processor_to_its_predecessor_until_it_takes_over()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var silent = new SilentServer(); // It is probed, and the probe is waited for.
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address));
        Assert.All(ProcessState.Read(daemon.FirstPid)!.Policies, policy => Assert.Equal(Ordinary, policy));
        new ConfigBuilder().Listen().ForwardTo(silent.Address)
            .Set("ReverseProxy:Clusters:all:HealthCheck:Active", new JsonObject { ["Enabled"] = "true", ["Timeout"] = "00:00:08", ["Path"] = SilentServer.ProbePath })
            .WriteTo(daemon.ConfigFile);

        daemon.Signal(daemon.FirstPid, Signo.SIGHUP);
        var successor = ProcessState.Read(DaemonLogPatterns.LaunchedPid(await daemon.WaitForLogAsync("Launched generation 2 (pid")))!;
        await daemon.WaitAsync(() => successor.Policies is { Count: > 1 } policies && policies.All(policy => policy == Batch), "be behind");
        Assert.All(ProcessState.Read(daemon.FirstPid)!.Policies, policy => Assert.Equal(Ordinary, policy));

        await daemon.WaitForGenerationAsync(2);
        await daemon.WaitAsync(() => successor.Policies.All(policy => policy == Ordinary), "have its ordinary priority back");
    }

    [Fact]
    public async Task A_generation_lets_go_of_the_code_that_only_its_start_needed_and_serves_on()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };
        for (var generation = 1; generation <= 3; generation++)
        {
            var process = ProcessState.Read(daemon.Current.Pid)!;
            var most = 0L;
            await daemon.WaitAsync(() => process.ResidentFileBytes is var now && now < (most = Math.Max(most, now)) / 2, "be smaller than after its start");
            Assert.NotEmpty(await client.GetStringAsync("/", Token));
            await daemon.UpgradeAsync();
        }

        daemon.AssertNoUnexpectedWarnings();
    }
}
