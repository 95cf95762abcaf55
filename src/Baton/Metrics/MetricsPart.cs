using System.Text.Json;
using Baton.Handover;

namespace Baton.Metrics;

/// <summary>Passes the metrics on: totals to the successor, and what this generation alone has counted to a predecessor that may resume.</summary>
/// <param name="store">What is passed on.</param>
/// <param name="generation">The number of this one.</param>
/// <param name="clock">Tells times that cannot be.</param>
internal sealed class MetricsPart(MetricsStore store, int generation, TimeProvider clock) : IStatePart
{
    // Labels are ids from a configuration; nobody writes longer ones.
    private const int LongestLabel = 1024;

    // A sum of two hundred of them is still a number.
    private const long Largest = long.MaxValue / 256;

    public string Name => "metrics";

    public int Version => 1;

    public JsonElement? Save() => Save(StateMoment.Launch);

    public JsonElement? Save(StateMoment moment) => JsonSerializer.SerializeToElement(
        new MetricsState(
            generation,
            store.Tell(moment).ToDictionary(family => family.Family.Name, family => new FamilyState(family.Family.Labels, family.Series, family.Family.Bounds))),
        MetricsFormat.Default.MetricsState);

    public void Resuming() => store.Resume();

    public void Load(int version, JsonElement data, StateMoment moment)
    {
        if (version != Version || data.Deserialize(MetricsFormat.Default.MetricsState) is not { } state)
            return;
        var known = MetricFamilies.All.Select(family => Known(family, state)).OfType<FamilySnapshot>();
        if (moment != StateMoment.Probation)
            store.Inherit(known);
        else if (state.Generation > generation)
            store.Learn(state.Generation, known);
    }

    // A family whose labels or buckets are others in the other build cannot go on; a new one starts from nothing.
    private FamilySnapshot? Known(MetricFamily family, MetricsState state) =>
        state.Families.TryGetValue(family.Name, out var told)
        && told.Labels.SequenceEqual(family.Labels)
        && (told.Bounds ?? []).SequenceEqual(family.Bounds ?? [])
            ? new FamilySnapshot(family, [.. told.Series.Where(series => IsUsable(family, series))])
            : null;

    private bool IsUsable(MetricFamily family, SeriesSnapshot series) =>
        series.Labels.Count == family.Labels.Count
        && series.Values.Count == family.Width
        && series.Values.All(value => value is >= 0 and <= Largest)
        && series.Labels.All(label => label is { Length: <= LongestLabel })
        && series.Created > DateTimeOffset.UnixEpoch && series.Created <= clock.GetUtcNow() + TimeSpan.FromDays(1);
}
