namespace Baton.Handover;

/// <summary>
/// Counts what is served: of this generation alone, and of the whole line of generations. The predecessor tells its totals at
/// the takeover and again when it is done, and each time they replace what it had told before: nothing is counted twice while
/// both serve. What a generation still counts after its successor has itself ended is lost.
/// </summary>
public sealed class TrafficCounters
{
    private readonly Lock _lock = new();
    private readonly long[] _answered = new long[6]; // by the first digit of the status
    private long _connections;
    private long _aborted;
    private long _upstreamFailures;
    private TrafficCount _inherited;

    /// <summary>What this generation has done. For a span of time take it twice: <see cref="TrafficCount.Since"/>.</summary>
    public TrafficCount Own => new()
    {
        Connections = Interlocked.Read(ref _connections),
        Informational = Interlocked.Read(ref _answered[1]),
        Successful = Interlocked.Read(ref _answered[2]),
        Redirected = Interlocked.Read(ref _answered[3]),
        ClientErrors = Interlocked.Read(ref _answered[4]),
        Answered5xx = Interlocked.Read(ref _answered[5]),
        Aborted = Interlocked.Read(ref _aborted),
        UpstreamFailures = Interlocked.Read(ref _upstreamFailures),
    };

    /// <summary>What all generations have done, from the first on, as far as this one was told.</summary>
    public TrafficCount Total
    {
        get
        {
            lock (_lock)
                return _inherited.Plus(Own);
        }
    }

    /// <summary>Counts a request that failed at a destination; only the application knows of those.</summary>
    public void CountUpstreamFailure() => Interlocked.Increment(ref _upstreamFailures);

    internal void CountConnection() => Interlocked.Increment(ref _connections);

    internal void CountAnswer(int status) => Interlocked.Increment(ref _answered[Math.Clamp(status / 100, 1, 5)]);

    internal void CountAborted() => Interlocked.Increment(ref _aborted);

    /// <summary>The predecessor's totals. Never less than it had told before: totals only grow.</summary>
    internal void Inherit(TrafficCount total)
    {
        lock (_lock)
            _inherited = _inherited.AtLeast(total);
    }
}
