using System.Globalization;

namespace Baton.Bench.Transport;

/// <summary>What is compared, how often and for how long.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        Usage: run [--pairs N] [--seconds N] [--servers BASE,OTHER,...] [--scenarios NAME,...]
          --pairs      how often each server is measured in each scenario; default 10
          --seconds    how long each time; default 4
          --servers    of sockets, handover, tracked; the first is what the others are compared with; default all three
          --scenarios  of get, post, large, connect; default all four
        """;

    public int Pairs { get; private init; } = 10;

    public int Seconds { get; private init; } = 4;

    public IReadOnlyList<string> Servers { get; private init; } = BenchServer.Transports;

    public IReadOnlyList<Scenario> Scenarios { get; private init; } = Scenario.All;

    public static BenchOptions? Parse(string[] args)
    {
        var options = new BenchOptions();
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, var value])
                return null;
            switch (name)
            {
                case "--pairs" when Number(value) is { } pairs:
                    options = options with { Pairs = pairs };
                    break;
                case "--seconds" when Number(value) is { } seconds:
                    options = options with { Seconds = seconds };
                    break;
                case "--servers" when value.Split(',') is { Length: > 1 } servers && servers.All(BenchServer.Transports.Contains):
                    options = options with { Servers = servers };
                    break;
                case "--scenarios" when value.Split(',') is var names && names.All(wanted => Scenario.All.Any(scenario => scenario.Name == wanted)):
                    options = options with { Scenarios = [.. Scenario.All.Where(scenario => names.Contains(scenario.Name))] };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    private static int? Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
