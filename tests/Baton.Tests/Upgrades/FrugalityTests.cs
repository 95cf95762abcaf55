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
    private const long LongestSlice = 100_000_000; // Nanoseconds.

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

    [Fact]
    public async Task A_successor_gives_way_from_its_first_moment_on_until_it_takes_over()
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 12), "This kernel grants all threads the same slice.");
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var silent = new SilentServer();
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address));
        var ordinary = Assert.Single(ProcessState.Read(daemon.FirstPid)!.Slices.Distinct());
        silent.Probed(new ConfigBuilder().Listen(), timeout: "00:00:04").WriteTo(daemon.ConfigFile);

        daemon.Signal(daemon.FirstPid, Signo.SIGHUP);
        var successor = ProcessState.Read(DaemonLogPatterns.LaunchedPid(await daemon.WaitForLogAsync("Launched generation 2 (pid")))!;
        Assert.All(successor.Slices, slice => Assert.Equal(LongestSlice, slice));
        Assert.All(ProcessState.Read(daemon.FirstPid)!.Slices, slice => Assert.Equal(ordinary, slice));

        await daemon.WaitForGenerationAsync(2);
        await daemon.WaitAsync(() => successor.Slices.All(slice => slice == ordinary), "have its ordinary slice back");
    }

    // Of "0-3,6": 5.
    private static int CountOf(string processors) => processors.Split(',')
        .Select(range => range.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray())
        .Sum(ends => ends[^1] - ends[0] + 1);
}
