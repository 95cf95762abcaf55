using Baton.Bench.Measuring;

namespace Baton.Bench.Transport;

/// <summary>One kind of load.</summary>
/// <param name="Name">As it is named on the command line.</param>
/// <param name="Title">As the report names it.</param>
/// <param name="Path">Where the requests go.</param>
/// <param name="Arguments">What wrk is told beyond the number of connections and the time.</param>
internal sealed record Scenario(string Name, string Title, string Path, params IReadOnlyList<string> Arguments)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("get", "GET 64 B", BenchServer.SmallPath),
        new("post", "POST 10 kB", BenchServer.PostPath, "-s", Wrk.PostScript),
        new("large", "GET 100 kB", BenchServer.LargePath),
        new("connect", "Connection per request", BenchServer.SmallPath, "-H", "Connection: close"),
    ];
}
