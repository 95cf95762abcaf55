namespace Baton.Metrics;

/// <summary>What is so at the moment in this process; nothing of it goes on in the next generation.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Labels">Their names.</param>
/// <param name="Values">Of each series: the values of the labels, and its number.</param>
internal sealed record Gauge(string Name, string Help, IReadOnlyList<string> Labels, IReadOnlyList<(IReadOnlyList<string> Labels, double Value)> Values)
{
    /// <summary>"seconds" or "bytes", which is then the end of the name; null where things are counted.</summary>
    public string? Unit { get; init; }

    /// <summary>One without labels.</summary>
    public static Gauge Of(string name, string help, double value, string? unit = null) => new(name, help, [], [([], value)]) { Unit = unit };
}
