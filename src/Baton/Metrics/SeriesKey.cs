namespace Baton.Metrics;

/// <summary>The values of a series' labels; those that its family does not have are null.</summary>
internal readonly record struct SeriesKey(string? First = null, string? Second = null, string? Third = null)
{
    /// <summary>The value of every label of the series that takes what does not fit any more.</summary>
    public const string Other = "(other)";

    public static SeriesKey Of(IReadOnlyList<string> values) =>
        new(values.ElementAtOrDefault(0), values.ElementAtOrDefault(1), values.ElementAtOrDefault(2));

    public static SeriesKey OtherOf(MetricFamily family) => Of([.. family.Labels.Select(_ => Other)]);

    public IReadOnlyList<string> Values(MetricFamily family) => [.. new[] { First, Second, Third }.Take(family.Labels.Count).Select(value => value ?? "")];
}
