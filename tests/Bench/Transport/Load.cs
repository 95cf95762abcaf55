using Baton.Bench.Measuring;

namespace Baton.Bench.Transport;

/// <summary>One load on one server, and what it took.</summary>
internal static class Load
{
    public static async Task<Sample> RunAsync(ServerProcess server, Scenario scenario, int seconds)
    {
        var before = server.ProcessorSeconds;
        var result = await Wrk.RunAsync(new Uri(server.Address, scenario.Path), seconds, scenario.Arguments, Cores.Load);
        return new Sample(result.PerSecond, (server.ProcessorSeconds - before) / result.Requests);
    }
}
