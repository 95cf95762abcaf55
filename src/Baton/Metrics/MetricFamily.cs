namespace Baton.Metrics;

/// <summary>What is counted under one name, series by series.</summary>
/// <param name="Name">As OpenMetrics names the family: without <c>_total</c>, with the unit at its end.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Labels">Their names, at most three.</param>
internal sealed record MetricFamily(string Name, string Help, params IReadOnlyList<string> Labels)
{
    /// <summary>"seconds" or "bytes"; null where things are counted.</summary>
    public string? Unit { get; init; }

    /// <summary>Upper bounds of a histogram's buckets, rising, without the last one; null for a counter.</summary>
    public IReadOnlyList<double>? Bounds { get; init; }

    /// <summary>How many of what is added make one of the unit: durations are added in ticks.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Numbers in a series: one, or a histogram's buckets and then its sum.</summary>
    public int Width => Bounds is null ? 1 : Bounds.Count + 2;
}
