using System.Globalization;

namespace Baton.Bench.Peers;

/// <summary>What is measured, how often and for how long.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        Usage: tests/Bench/run [--quick] [--rounds N] [--seconds N] [--rate N] [--parts NAME,...] [--growth RxC,...]
                               [--peers NAME,...] [--variant 'NAME [KEY=VALUE ...]'] [--output DIR]
          --quick      one round of everything in short; ends within five minutes
          --rounds     how often everything is measured; default 5
          --seconds    how long each load lasts, the peers in turns of a second; default 3
          --rate       requests per second of the latency part; default: a quarter of what the slowest peer can do
          --parts      of load, latency, upgrades; default all three
          --growth     routes and idle connections of the upgrades part, as in 10x0,1000x0,10x9500
          --peers      of baton, yarp, yarp-jit, nginx, haproxy, haproxy-idle, caddy; default all seven
          --variant    one more Baton, with other variables in its environment; BATON=DIR is another build. Can be given again
          --output     where results.json and RESULTS.md go; without it a full run writes them into tests/Bench, and any other
                       prints the table alone
        """;

    // A quarter of a minute is for what is being measured when the time is over.
    private static readonly TimeSpan QuickLimit = TimeSpan.FromSeconds(285);

    // A process may have 20,000 files open on some machines, and nothing hinders it from having fewer connections than that.
    private const int ManyConnections = 9_500;

    private const int FullRounds = 5;
    private static readonly string[] AllParts = ["load", "latency", "upgrades"];

    public bool Quick { get; private init; }

    public int Rounds { get; private init; } = FullRounds;

    public int Seconds { get; private init; } = 3;

    public double? Rate { get; private init; }

    public string? Output { get; private init; }

    public IReadOnlyList<string> Parts { get; private init; } = AllParts;

    public IReadOnlyList<Peer> Peers { get; private init; } = [];

    public TimeSpan? TimeLimit => Quick ? QuickLimit : null;

    public int QuietSeconds => Quick ? 3 : 5;

    /// <summary>Upgrades of one process in the latency part.</summary>
    public int Upgrades => Quick ? 1 : 2;

    public IReadOnlyList<int> LatencyConnections => Quick ? [0] : [0, ManyConnections];

    /// <summary>With which numbers of routes and of idle connections upgrades are measured.</summary>
    public IReadOnlyList<(int Routes, int Connections)> Growth
    {
        get => field.Count > 0 ? field : Quick ? [(10, 0), (10, ManyConnections)] : [(10, 0), (100, 0), (1000, 0), (10, 1000), (10, ManyConnections)];
        private init;
    } = [];

    /// <param name="args">From the command line; --baton, --yarp and --yarp-jit, where those were published to, and --home, where kept results are, come from the script.</param>
    /// <returns>Null if they are not such.</returns>
    public static BenchOptions? Parse(string[] args)
    {
        var options = new BenchOptions();
        var (baton, yarp, jit, home, wanted, variants) = ("", "", "", (string?)null, (string[]?)null, new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--quick")
            {
                options = options with { Quick = true, Rounds = 1, Seconds = 1 };
                continue;
            }

            if (i + 1 == args.Length)
                return null;
            var value = args[i + 1];
            switch (args[i++])
            {
                case "--baton":
                    baton = value;
                    break;
                case "--yarp":
                    yarp = value;
                    break;
                case "--yarp-jit":
                    jit = value;
                    break;
                case "--home":
                    home = value;
                    break;
                case "--rounds" when Number(value) is { } rounds:
                    options = options with { Rounds = rounds };
                    break;
                case "--seconds" when Number(value) is { } seconds:
                    options = options with { Seconds = seconds };
                    break;
                case "--rate" when Number(value) is { } rate:
                    options = options with { Rate = rate };
                    break;
                case "--parts" when value.Split(',') is var parts && parts.All(AllParts.Contains):
                    options = options with { Parts = parts };
                    break;
                case "--growth" when value.Split(',').Select(Cell).ToList() is var cells && !cells.Contains(null):
                    options = options with { Growth = [.. cells.Select(cell => cell!.Value)] };
                    break;
                case "--peers":
                    wanted = value.Split(',');
                    break;
                case "--variant":
                    variants.Add(value);
                    break;
                case "--output":
                    options = options with { Output = value };
                    break;
                default:
                    return null;
            }
        }

        Peer[] all = [new BatonPeer("baton", baton), new YarpPeer("yarp", yarp, compilesAsItRuns: false), new YarpPeer("yarp-jit", jit, compilesAsItRuns: true), new NginxPeer(), new HaproxyPeer("haproxy", ""), new HaproxyPeer("haproxy-idle", "option idle-close-on-response"), new CaddyPeer()];
        if (wanted is not null && !wanted.All(name => all.Any(peer => peer.Name == name)))
            return null;
        var full = !options.Quick && options.Rounds >= FullRounds && options.Parts.Count == AllParts.Length && wanted is null && variants.Count == 0;
        return options with
        {
            Output = options.Output ?? (full ? home : null),
            Peers = [.. all.Where(peer => wanted is null || wanted.Contains(peer.Name)), .. variants.Select(text => Variant(text, baton))],
        };
    }

    private static BatonPeer Variant(string text, string baton)
    {
        const string Build = "BATON=";
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var other = words.FirstOrDefault(word => word.StartsWith(Build, StringComparison.Ordinal));
        return new BatonPeer(words[0], other?[Build.Length..] ?? baton, [.. words.Skip(1).Where(word => word != other)]);
    }

    private static (int Routes, int Connections)? Cell(string text) =>
        text.Split('x') is [var routes, var connections]
        && int.TryParse(routes, CultureInfo.InvariantCulture, out var r) && int.TryParse(connections, CultureInfo.InvariantCulture, out var c)
        && r is >= 0 and <= 10_000 && c is >= 0 and <= ManyConnections
            ? (r, c)
            : null;

    private static int? Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
