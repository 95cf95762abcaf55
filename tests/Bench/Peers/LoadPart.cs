namespace Baton.Bench.Peers;

/// <summary>
/// What a request costs, and how many a second there are at saturation. All proxies run side by side, idle but for the one that
/// is measured, and take turns of a second in each scenario: what else the machine does, it does to all of them.
/// </summary>
internal sealed class LoadPart : IPart
{
    private const string CostPart = "Processor seconds of the proxy per 100,000 requests";
    private const string RatePart = "Requests per second at saturation";
    private const double Requests = 100_000;
    private const int TurnSeconds = 1;

    // What .NET compiles as it runs is compiled for good by then.
    private const int CompilingSeconds = 20;

    /// <summary>The line that the rate of the latency part follows from.</summary>
    public static Row SmallRate { get; } = Rate(Scenario.Small);

    public async Task RunAsync(Run run)
    {
        var processes = new List<PeerProcess>();
        try
        {
            foreach (var peer in run.Peers)
                await run.TryAsync("start", peer, seconds: 2, async () => processes.Add(await PeerProcess.StartAsync(peer, run.Scene)));
            foreach (var process in processes.Where(process => process.Peer.CompilesAsItRuns && !run.Options.Quick))
                await run.TryAsync("compiling", process.Peer, CompilingSeconds, () => Scenario.Small.RunAsync(process.Site, CompilingSeconds));
            foreach (var scenario in Scenario.All)
            {
                foreach (var process in processes.Where(process => process.Peer.CompilesAsItRuns || !run.Options.Quick))
                    await run.TryAsync($"{scenario.Title}, warming up", process.Peer, TurnSeconds, () => scenario.RunAsync(process.Site, TurnSeconds));
                for (var turn = 0; turn < run.Options.Seconds; turn++)
                {
                    foreach (var process in processes)
                        await run.TryAsync(scenario.Title, process.Peer, TurnSeconds, () => MeasureAsync(run, process, scenario));
                }
            }
        }
        finally
        {
            foreach (var process in processes)
                await process.DisposeAsync();
        }
    }

    private static async Task MeasureAsync(Run run, PeerProcess process, Scenario scenario)
    {
        var before = process.ProcessorSeconds;
        var result = await scenario.RunAsync(process.Site, TurnSeconds);
        if (result.Requests == 0)
            throw new InvalidOperationException("No request was answered in time.");
        run.Measurements.Add(new Row(CostPart, scenario.Title, "s"), process.Peer, (process.ProcessorSeconds - before) / result.Requests * Requests);
        run.Measurements.Add(Rate(scenario), process.Peer, result.PerSecond);
    }

    private static Row Rate(Scenario scenario) => new(RatePart, scenario.Title, "/s", Best.Most);
}
