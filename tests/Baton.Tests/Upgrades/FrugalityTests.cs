using System.Globalization;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Baton.Tests.Health;
using Xunit;

namespace Baton.Tests.Upgrades;

/// <summary>What a generation does not take from others: the processor while it prepares.</summary>
public sealed class FrugalityTests
{
    private const int Ordinary = 0;
    private const int Batch = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_successor_leaves_the_processor_to_its_predecessor_until_it_takes_over()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var silent = new SilentServer();
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address));
        Assert.All(ProcessState.Read(daemon.FirstPid)!.Policies, policy => Assert.Equal(Ordinary, policy));
        var all = Assert.Single(ProcessState.Read(daemon.FirstPid)!.Processors.Distinct());
        silent.Probed(new ConfigBuilder().Listen(), timeout: "00:00:08").WriteTo(daemon.ConfigFile);

        daemon.Signal(daemon.FirstPid, Signo.SIGHUP);
        var successor = ProcessState.Read(DaemonLogPatterns.LaunchedPid(await daemon.WaitForLogAsync("Launched generation 2 (pid")))!;
        await daemon.WaitAsync(
            () => successor.Policies is { Count: > 1 } policies && policies.All(policy => policy == Batch)
                && successor.Processors.Distinct().ToList() is [var few] && CountOf(few) == Math.Max(1, CountOf(all) / 2),
            "be behind, on half of the processors");
        Assert.All(ProcessState.Read(daemon.FirstPid)!.Policies, policy => Assert.Equal(Ordinary, policy));

        await daemon.WaitForGenerationAsync(2);
        await daemon.WaitAsync(
            () => successor.Policies.All(policy => policy == Ordinary) && successor.Processors.All(processors => processors == all),
            "have its ordinary priority and all processors back");
    }

    // Of "0-3,6": 5.
    private static int CountOf(string processors) => processors.Split(',')
        .Select(range => range.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray())
        .Sum(ends => ends[^1] - ends[0] + 1);
}
