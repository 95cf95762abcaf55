using System.Collections.Concurrent;

namespace Baton.Metrics;

/// <summary>The series of one family, up to a number; what comes then is counted in one series for all the rest.</summary>
/// <remarks>A series stays, also when its route is gone: its numbers must not go down, and its name must not start again from zero.</remarks>
internal sealed class SeriesTable(MetricFamily family, int most, TimeProvider clock)
{
    private readonly ConcurrentDictionary<SeriesKey, MetricSeries> _series = new();
    private readonly Lock _lock = new();
    private volatile bool _isFull;

    public MetricFamily Family => family;

    /// <summary>In the order of their labels.</summary>
    public IEnumerable<MetricSeries> Series =>
        _series.Select(entry => entry.Value)
            .OrderBy(series => series.Key.First, StringComparer.Ordinal).ThenBy(series => series.Key.Second, StringComparer.Ordinal).ThenBy(series => series.Key.Third, StringComparer.Ordinal);

    public MetricSeries this[SeriesKey key] => _series.TryGetValue(key, out var series) ? series : Add(key);

    private MetricSeries Add(SeriesKey key)
    {
        if (_isFull && _series.TryGetValue(SeriesKey.OtherOf(family), out var other))
            return other;
        lock (_lock)
        {
            _isFull = _series.Count >= most;
            return _series.GetOrAdd(_isFull ? SeriesKey.OtherOf(family) : key, static (key, table) => table.Create(key), this);
        }
    }

    private MetricSeries Create(SeriesKey key) => new(family, key, clock.GetUtcNow());
}
