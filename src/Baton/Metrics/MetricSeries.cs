namespace Baton.Metrics;

/// <summary>The numbers of one series: what this generation has counted, and what it was told of others.</summary>
internal sealed class MetricSeries(MetricFamily family, SeriesKey key, DateTimeOffset created)
{
    private readonly long[] _own = new long[family.Width];
    private readonly long[] _inherited = new long[family.Width];
    private readonly Dictionary<int, long[]> _successors = [];

    public SeriesKey Key => key;

    /// <summary>When the first generation that knew it began to count it.</summary>
    public DateTimeOffset Created { get; private set; } = created;

    public void Add(long count) => Interlocked.Add(ref _own[0], count);

    public void Observe(TimeSpan duration)
    {
        var seconds = duration.Ticks / family.Scale;
        var bucket = 0;
        while (bucket < family.Bounds!.Count && seconds > family.Bounds[bucket])
            bucket++;
        Interlocked.Increment(ref _own[bucket]);
        Interlocked.Add(ref _own[^1], Math.Max(0, duration.Ticks));
    }

    /// <summary>For what is counted elsewhere: what this generation has done up to now. Never less than before.</summary>
    public void Reach(long count) => _own[0] = Math.Max(_own[0], count);

    /// <summary>What came of the predecessor, as far as it has told; each number is at least what it was.</summary>
    public void Inherit(IReadOnlyList<long> values, DateTimeOffset created)
    {
        Raise(_inherited, values);
        Created = created < Created ? created : Created;
    }

    /// <summary>What a successor on its probation has counted.</summary>
    public void Learn(int generation, IReadOnlyList<long> values)
    {
        if (!_successors.TryGetValue(generation, out var known))
            _successors.Add(generation, known = new long[family.Width]);
        Raise(known, values);
    }

    /// <summary>All that belongs to this generation's total.</summary>
    /// <param name="isOurs">Whether what that successor has counted does: it was rolled back.</param>
    /// <param name="withInherited">Without it, what this generation alone would leave behind.</param>
    public long[] Sum(Predicate<int> isOurs, bool withInherited)
    {
        var sum = new long[family.Width];
        for (var index = 0; index < sum.Length; index++)
            sum[index] = Interlocked.Read(ref _own[index]) + (withInherited ? _inherited[index] : 0);
        foreach (var (generation, values) in _successors)
        {
            for (var index = 0; isOurs(generation) && index < sum.Length; index++)
                sum[index] += values[index];
        }

        return sum;
    }

    private static void Raise(long[] known, IReadOnlyList<long> values)
    {
        for (var index = 0; index < known.Length; index++)
            known[index] = Math.Max(known[index], values[index]);
    }
}
