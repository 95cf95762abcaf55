using System.Globalization;
using Baton.Bench.Measuring;

namespace Baton.Bench.Transport;

/// <summary>
/// Measures the servers in turns, every second time in reverse order (A B, B A, …): what else goes on in the machine, and
/// what drifts, meets all alike. Each turn is compared with its neighbour alone.
/// </summary>
internal static class Comparison
{
    // No two processes run the same machine code: what is compiled again, and when, depends on what the profile has seen. So
    // the servers are started afresh now and then.
    private const int TurnsPerProcess = 5;

    // What it takes until the hot paths are compiled with all that was learned of them; a busy machine needs longer.
    private const int WarmUpRequests = 50_000;
    private const int WarmUpRuns = 10;

    public static async Task RunAsync(BenchOptions options)
    {
        Console.WriteLine($"| load | server | requests/s | ratio | CPU µs/request | ratio |\n|---|---|---|---|---|---|");
        foreach (var scenario in options.Scenarios)
        {
            var turns = await MeasureAsync(options, scenario);
            foreach (var server in options.Servers)
                Report(scenario, server, [.. turns.Select(turn => (turn[server], turn[options.Servers[0]]))]);
        }
    }

    private static async Task<List<Dictionary<string, Sample>>> MeasureAsync(BenchOptions options, Scenario scenario)
    {
        var turns = new List<Dictionary<string, Sample>>();
        while (turns.Count < options.Pairs)
        {
            var servers = new List<ServerProcess>();
            try
            {
                foreach (var transport in options.Servers)
                    servers.Add(await ServerProcess.StartAsync(transport));
                foreach (var server in servers)
                    await WarmUpAsync(server, scenario);
                for (var i = 0; i < TurnsPerProcess; i++)
                    turns.Add(await TurnAsync(turns.Count % 2 == 0 ? servers : servers.AsEnumerable().Reverse(), scenario, options.Seconds));
            }
            finally
            {
                servers.ForEach(server => server.Dispose());
            }
        }

        return turns;
    }

    private static async Task WarmUpAsync(ServerProcess server, Scenario scenario)
    {
        var requests = 0.0;
        for (var run = 0; run < WarmUpRuns && requests < WarmUpRequests; run++)
            requests += (await Load.RunAsync(server, scenario, seconds: 1)).RequestsPerSecond;
    }

    private static async Task<Dictionary<string, Sample>> TurnAsync(IEnumerable<ServerProcess> servers, Scenario scenario, int seconds)
    {
        var turn = new Dictionary<string, Sample>();
        foreach (var server in servers)
            turn[server.Transport] = await Load.RunAsync(server, scenario, seconds);
        return turn;
    }

    private static void Report(Scenario scenario, string server, List<(Sample Own, Sample Base)> pairs)
    {
        var rate = new Spread(pairs.Select(pair => pair.Own.RequestsPerSecond)).Median;
        var cost = new Spread(pairs.Select(pair => pair.Own.ProcessorSecondsPerRequest)).Median * 1e6;
        var rates = new Spread(pairs.Select(pair => pair.Own.RequestsPerSecond / pair.Base.RequestsPerSecond));
        var costs = new Spread(pairs.Select(pair => pair.Own.ProcessorSecondsPerRequest / pair.Base.ProcessorSecondsPerRequest));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {scenario.Title} | {server} | {rate:0} | {rates} | {cost:0.0} | {costs} |"));
    }
}
