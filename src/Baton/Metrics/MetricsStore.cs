using Baton.Handover;

namespace Baton.Metrics;

/// <summary>
/// All that is counted, and what of it is shown. The numbers of a line of generations go on as one: a successor begins with what
/// its predecessor has told, and that tells more while it drains. Nobody who asks two generations in turn sees a number go down:
/// a generation that has handed over shows what it has handed over, and one on probation what it has told its predecessor.
/// </summary>
internal sealed class MetricsStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<MetricFamily, SeriesTable> _tables;
    private readonly List<(MetricSeries Series, Func<long> Count)> _counted = [];
    private readonly HashSet<int> _rolledBack = [];
    private readonly HashSet<int> _successors = [];
    private IReadOnlyList<FamilySnapshot>? _handedOver;
    private IReadOnlyList<FamilySnapshot>? _told;

    /// <param name="mostSeries">Series of a family.</param>
    /// <param name="clock">Says since when a series is counted.</param>
    public MetricsStore(int mostSeries, TimeProvider clock) =>
        _tables = MetricFamilies.All.ToDictionary(family => family, family => new SeriesTable(family, mostSeries, clock));

    public SeriesTable this[MetricFamily family] => _tables[family];

    /// <summary>Takes what is counted elsewhere in this process, whenever somebody looks.</summary>
    public void Count(MetricFamily family, SeriesKey key, Func<long> count)
    {
        lock (_lock)
            _counted.Add((_tables[family][key], count));
    }

    /// <summary>What is told to the other generation at this moment.</summary>
    public IReadOnlyList<FamilySnapshot> Tell(StateMoment moment)
    {
        lock (_lock)
        {
            var total = Look(withInherited: true);
            switch (moment)
            {
                case StateMoment.TakeOver:
                    _handedOver = total;
                    break;
                case StateMoment.Probation:
                    _told = total;
                    return Look(withInherited: false);
            }

            return total;
        }
    }

    /// <summary>What to answer with.</summary>
    /// <param name="isMain">Whether this generation is beyond its probation.</param>
    public IReadOnlyList<FamilySnapshot> Show(bool isMain)
    {
        lock (_lock)
            return _handedOver ?? (isMain ? null : _told) ?? Look(withInherited: true);
    }

    /// <summary>The successor was rolled back, or never took over: this generation goes on, with what that has told.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            _rolledBack.UnionWith(_successors);
            _handedOver = null;
        }
    }

    /// <summary>What the predecessor's line has come to.</summary>
    public void Inherit(IEnumerable<FamilySnapshot> told) =>
        Take(told, static (series, sum, created) => series.Inherit(sum, created));

    /// <summary>What a successor on its probation has counted.</summary>
    public void Learn(int successor, IEnumerable<FamilySnapshot> told)
    {
        lock (_lock)
            _successors.Add(successor);
        Take(told, (series, sum, _) => series.Learn(successor, sum));
    }

    // What does not fit any more adds up in one series, so all of a series' values come together before they are compared
    // with those of before.
    private void Take(IEnumerable<FamilySnapshot> told, Action<MetricSeries, long[], DateTimeOffset> take)
    {
        lock (_lock)
        {
            foreach (var family in told)
            {
                var sums = new Dictionary<MetricSeries, (long[] Sum, DateTimeOffset Created)>();
                foreach (var one in family.Series)
                {
                    var series = _tables[family.Family][SeriesKey.Of(one.Labels)];
                    var (sum, created) = sums.GetValueOrDefault(series, (new long[family.Family.Width], one.Created));
                    for (var index = 0; index < sum.Length; index++)
                        sum[index] += one.Values[index];
                    sums[series] = (sum, one.Created < created ? one.Created : created);
                }

                foreach (var (series, (sum, created)) in sums)
                    take(series, sum, created);
            }
        }
    }

    private List<FamilySnapshot> Look(bool withInherited)
    {
        foreach (var (series, count) in _counted)
            series.Reach(count());
        return _tables.Values.Select(table => new FamilySnapshot(
            table.Family,
            [.. table.Series.Select(series => new SeriesSnapshot(series.Key.Values(table.Family), series.Created, series.Sum(_rolledBack.Contains, withInherited)))])).ToList();
    }
}
