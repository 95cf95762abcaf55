using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Upgrades;

/// <summary>What accumulates from generation to generation would show after many of them.</summary>
public sealed class FiftyUpgradesTests
{
    private const int Early = 5;
    private const int Late = 50;
    private const int Requests = 1000;
    private const double Tolerance = 0.05;

    // The runtime begins some threads when they are first needed, as for a collection in the background, and not each generation
    // comes to that; what accumulates would be one for each.
    private const int MoreThreads = (Late - Early) / 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generation_50_holds_no_more_than_generation_5_and_nothing_is_lost_on_the_way()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);

        // Without probation the predecessor exits as soon as it is drained: the tightest race between accept and exit.
        var config = new ConfigBuilder().Listen().ForwardTo(backend.Address).Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200");
        await using var daemon = await DaemonProcess.StartAsync(config);
        var early = default(Holding);
        var late = default(Holding);
        for (var number = 1; number <= Late; number++)
        {
            if (number > 1)
                await UpgradeUnderLoadAsync(daemon, backend);
            if (number == Early)
                early = Holding.Of(await UseAsync(daemon));
        }

        // How many threads the pool has, its last load decides, and how busy the machine was; it lets go of idle ones after 20 s.
        var last = await UseAsync(daemon);
        await daemon.WaitAsync(() => (late = Holding.Of(ProcessState.Read(last.Pid)!)).Threads <= early.Threads + MoreThreads, "be down to as many threads as before", TimeSpan.FromMinutes(1));

        TestContext.Current.SendDiagnosticMessage($"generation {Early}: {early}; generation {Late}: {late}");
        Assert.InRange(late.Files, 0, early.Files * (1 + Tolerance));
        Assert.InRange(late.Memory, 0, early.Memory * (1 + Tolerance));
        daemon.AssertNoUnexpectedWarnings();
    }

    private static async Task UpgradeUnderLoadAsync(DaemonProcess daemon, Backend backend)
    {
        await using var traffic = new Traffic(TimeSpan.FromMinutes(1), backend).Add(
            new ConnectionPerRequestClient(daemon.Port, lanes: 4),
            new KeepAliveClient(daemon.Port, connections: 4));
        await traffic.StartAsync(Token);
        await daemon.UpgradeAsync();
        await traffic.WaitForAnswersAsync(100, cancellationToken: Token);
        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
    }

    // How much memory a generation holds depends on how much it has answered.
    private static async Task<ProcessState> UseAsync(DaemonProcess daemon)
    {
        var process = await daemon.WaitForOneProcessAsync();
        using var page = await Page.OpenAsync(daemon.Port, Token);
        for (var request = 0; request < Requests; request++)
            await page.GetAsync(Token);
        return process;
    }

    // Read at once: the process is gone when the two are compared.
    private readonly record struct Holding(int Files, int Threads, long Memory)
    {
        public static Holding Of(ProcessState process) => new(OpenDescriptors.Of(process.Pid).Count, process.Threads, process.ResidentBytes);
    }
}
