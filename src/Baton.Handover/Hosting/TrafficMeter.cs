namespace Baton.Handover.Hosting;

/// <summary>Looks at the counters once a second, and so knows how it went of late and how fast connections came in.</summary>
internal sealed class TrafficMeter : IDisposable
{
    // Long enough for a share, short enough to be about the same destinations.
    private const int RecentSeconds = 60;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<TrafficCount> _seconds = new();
    private readonly TrafficCounters _counters;
    private readonly ITimer _timer;
    private TrafficCount _last;
    private long _peakAccepts;

    public TrafficMeter(TrafficCounters counters, TimeProvider clock)
    {
        _counters = counters;
        _timer = clock.CreateTimer(_ => EndSecond(), null, Second, Second);
    }

    /// <summary>Since the start.</summary>
    public TrafficFigures Total => Figures(default);

    /// <summary>Of the last minute.</summary>
    public TrafficFigures Recent
    {
        get
        {
            lock (_lock)
                return Figures(_seconds.TryPeek(out var oldest) ? oldest : default);
        }
    }

    public void Dispose() => _timer.Dispose();

    private TrafficFigures Figures(TrafficCount earlier)
    {
        var own = _counters.Own;
        lock (_lock)
        {
            var since = own.Since(earlier);
            return new TrafficFigures(since.Answered, since.Answered5xx, since.UpstreamFailures, Math.Max(_peakAccepts, own.Connections - _last.Connections));
        }
    }

    private void EndSecond()
    {
        var now = _counters.Own;
        lock (_lock)
        {
            _peakAccepts = Math.Max(_peakAccepts, now.Connections - _last.Connections);
            _last = now;
            _seconds.Enqueue(now);
            if (_seconds.Count > RecentSeconds)
                _seconds.Dequeue();
        }
    }
}
