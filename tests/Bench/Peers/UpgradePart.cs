using System.Diagnostics;
using System.Globalization;

namespace Baton.Bench.Peers;

/// <summary>
/// What one upgrade takes and what the proxy has in memory, and how both grow with routes and with idle connections. Nothing
/// else is asked of the proxy meanwhile.
/// </summary>
internal sealed class UpgradePart : IPart
{
    private const int WarmUpRequests = 300;

    // What a runtime or an allocator gives back, it gives back after a while.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(4);

    // So is what idle connections do not need, once they have been idle for some seconds.
    private static readonly TimeSpan IdleSettling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstAnswerTimeout = TimeSpan.FromSeconds(30);

    // Beyond it a process is kept by its clients, not by the upgrade.
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    // All are given the same time for what they do after the first answer, whether they exit early or late.
    private static readonly TimeSpan CostWindow = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MemoryPeriod = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(Run run)
    {
        foreach (var (routes, connections) in run.Options.Growth)
        {
            var title = string.Create(CultureInfo.InvariantCulture, $"{routes:N0} routes, {connections:N0} connections");
            foreach (var peer in run.Peers)
                await run.TryAsync(title, peer, seconds: 9, () => MeasureAsync(run, peer, title, routes, connections));
        }
    }

    private static async Task MeasureAsync(Run run, Peer peer, string title, int routes, int connections)
    {
        await using var process = await PeerProcess.StartAsync(peer, run.Scene, routes);
        using (await IdleConnections.OpenAsync(process.Site.Plain, WarmUpRequests))
        {
            // Used and gone again: what is measured is not a process that never did anything.
        }

        using var idle = await IdleConnections.OpenAsync(process.Site.Plain, connections);
        await Task.Delay(connections > 0 ? IdleSettling : Settling);
        run.Measurements.Add(new Row("Memory (PSS of all processes)", title, "MB"), peer, process.PssMegabytes());
        if (!peer.CanUpgrade)
            return;

        await UpgradeAsync(run, process, title, connections, idle);
        await idle.RestoreAsync();
        run.Measurements.Add(new Row("Memory at the peak of an upgrade", title, "MB"), peer, await PeakAsync(process));
    }

    private static async Task UpgradeAsync(Run run, PeerProcess process, string title, int connections, IdleConnections idle)
    {
        var old = process.Replaceable();
        process.PrepareUpgrade();
        var before = process.ProcessorSeconds;
        var start = Stopwatch.GetTimestamp();
        await process.TriggerAsync();
        var first = await Task.Run(() => Probe.UntilGeneration(process, process.IsEven, FirstAnswerTimeout));
        run.Measurements.Add(new Row("Signal to the first answer of the new generation", title, "ms"), process.Peer, Window.Milliseconds(start, first));

        await PeerProcess.UntilEndedAsync(old, ExitTimeout);
        if (old.Count > 0)
            run.Measurements.Add(new Row("Signal to the exit of the old generation", title, "ms"), process.Peer, Stopwatch.GetElapsedTime(start).TotalMilliseconds);

        var left = CostWindow - Stopwatch.GetElapsedTime(start);
        if (left > TimeSpan.Zero)
            await Task.Delay(left);
        run.Measurements.Add(new Row("Processor seconds of one upgrade", title, "s"), process.Peer, process.ProcessorSeconds - before);
        if (connections > 0)
            run.Measurements.Add(new Row("Idle connections that an upgrade closed", title, "%"), process.Peer, idle.CountClosed() * 100.0 / connections);
    }

    // In an upgrade of its own: reading the memory of a process holds up the process.
    private static async Task<double> PeakAsync(PeerProcess process)
    {
        var peak = process.PssMegabytes();
        var old = process.Replaceable();
        process.PrepareUpgrade();
        await process.TriggerAsync();
        var over = Task.WhenAll(PeerProcess.UntilEndedAsync(old, ExitTimeout), Task.Delay(CostWindow));
        while (!over.IsCompleted)
        {
            peak = Math.Max(peak, process.PssMegabytes());
            await Task.Delay(MemoryPeriod);
        }

        return peak;
    }
}
