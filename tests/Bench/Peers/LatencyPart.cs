using System.Diagnostics;
using System.Globalization;

namespace Baton.Bench.Peers;

/// <summary>
/// What a client feels: latencies at a fixed rate in quiet seconds and in the second after an upgrade. The rate is a quarter of
/// what the slowest peer can do, so that nobody queues for want of processors.
/// </summary>
internal sealed class LatencyPart : IPart
{
    private const double Share = 0.25;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly (string Name, double Share)[] Percentiles = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)];

    // The second around the first answer of the new generation begins this much before it: what waited for it is in it.
    private static readonly long BeforeTakeover = Stopwatch.Frequency / 5;

    // The next upgrade comes when the one before it is over; an old generation that its clients keep is not waited for longer.
    private static readonly TimeSpan ShortestUpgrade = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestUpgrade = TimeSpan.FromSeconds(10);

    private double? _rate;

    public async Task RunAsync(Run run)
    {
        _rate ??= run.Options.Rate ?? await SlowestAsync(run) * Share;
        foreach (var connections in run.Options.LatencyConnections)
        {
            foreach (var peer in run.Peers)
                await run.TryAsync(Title(connections), peer, seconds: 12, () => MeasureAsync(run, peer, connections, _rate.Value));
        }
    }

    private static async Task<double> SlowestAsync(Run run)
    {
        foreach (var peer in run.Peers.Where(peer => run.Measurements.Spread(LoadPart.SmallRate, peer.Name) is null))
        {
            await run.TryAsync(Scenario.Small.Title, peer, seconds: 4, async () =>
            {
                await using var process = await PeerProcess.StartAsync(peer, run.Scene);
                run.Measurements.Add(LoadPart.SmallRate, peer, (await Scenario.Small.RunAsync(process.Site, 2)).PerSecond);
            });
        }

        return run.Peers.Min(peer => run.Measurements.Spread(LoadPart.SmallRate, peer.Name)?.Median)
            ?? throw new InvalidOperationException("No peer answered under load, so there is no rate for the latencies. Give one with --rate.");
    }

    private static string Title(int connections) => connections == 0 ? "latency" : string.Create(CultureInfo.InvariantCulture, $"latency beside {connections:N0} idle connections");

    private static async Task MeasureAsync(Run run, Peer peer, int connections, double rate)
    {
        var quiet = run.Options.QuietSeconds;
        var upgrades = peer.CanUpgrade ? run.Options.Upgrades : 0;
        await using var process = await PeerProcess.StartAsync(peer, run.Scene);
        using var idle = await IdleConnections.OpenAsync(process.Site.Plain, connections);
        using var client = new OpenLoop(process, rate, WarmUp + TimeSpan.FromSeconds(quiet) + (upgrades * (LongestUpgrade + ShortestUpgrade)));

        var start = Stopwatch.GetTimestamp();
        var answers = Task.Factory.StartNew(client.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.Delay(WarmUp + TimeSpan.FromSeconds(quiet));
        var triggers = new List<(long Time, bool IsEven)>();
        for (var i = 0; i < upgrades; i++)
        {
            var old = process.Replaceable();
            process.PrepareUpgrade();
            triggers.Add((Stopwatch.GetTimestamp(), process.IsEven));
            await process.TriggerAsync();
            await Task.Delay(ShortestUpgrade);
            await PeerProcess.UntilEndedAsync(old, LongestUpgrade);
        }

        client.Stop();
        var samples = await answers;
        var part = string.Create(CultureInfo.InvariantCulture, $"Client's {Title(connections)}, {rate:0} requests/s");
        var seconds = Enumerable.Range(0, quiet).Select(i => Window.From(start + ((long)WarmUp.TotalSeconds + i) * Stopwatch.Frequency, samples)).ToList();
        seconds.ForEach(window => Report(run, peer, part, "quiet", window));
        foreach (var trigger in triggers)
            Report(run, peer, part, trigger, seconds, samples);
        run.Measurements.Add(new Row(part, "requests that failed", ""), peer, samples.Count(sample => sample.Failed || sample.Done == 0));
        run.Measurements.Add(new Row(part, "requests sent again on a closed connection", ""), peer, client.Retries);
        if (connections > 0)
            run.Measurements.Add(new Row(part, "idle connections that were closed", "%"), peer, idle.CountClosed() * 100.0 / connections);
    }

    private static void Report(Run run, Peer peer, string part, (long Time, bool IsEven) trigger, List<Window> quiet, Sample[] samples)
    {
        Report(run, peer, part, "upgrade", Window.From(trigger.Time, samples), quiet);
        var first = samples.Where(sample => sample.Done > trigger.Time && !sample.Failed && sample.IsEven == trigger.IsEven).Select(sample => sample.Done).DefaultIfEmpty().Min();
        if (first == 0)
            return;

        // The second after the trigger may be over before the new generation has to show what it can do.
        Report(run, peer, part, "takeover", Window.From(first - BeforeTakeover, samples), quiet);
        run.Measurements.Add(new Row(part, "signal to first answer of the new generation", "ms"), peer, Window.Milliseconds(trigger.Time, first));
    }

    private static void Report(Run run, Peer peer, string part, string when, Window window, List<Window> quiet)
    {
        Report(run, peer, part, when, window);
        var (p99, max) = (Median(quiet, 0.99), Median(quiet, 1));
        run.Measurements.Add(new Row(part, $"p99: {when} / quiet", "×"), peer, window.Latency(0.99) / p99);
        run.Measurements.Add(new Row(part, $"max: {when} − quiet", "ms", Best.None), peer, window.Latency(1) - max);
    }

    private static void Report(Run run, Peer peer, string part, string when, Window window)
    {
        foreach (var (name, share) in Percentiles)
            run.Measurements.Add(new Row(part, $"{name}, {when}", "ms"), peer, window.Latency(share));
        run.Measurements.Add(new Row(part, $"the client's own lateness, p99, {when}", "ms", Best.None), peer, window.Lateness(0.99));
        run.Measurements.Add(new Row(part, $"the client's own lateness, max, {when}", "ms", Best.None), peer, window.Lateness(1));
    }

    private static double Median(List<Window> windows, double share) => new Measuring.Spread(windows.Select(window => window.Latency(share))).Median;
}
