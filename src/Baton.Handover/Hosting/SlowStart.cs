namespace Baton.Handover.Hosting;

/// <summary>
/// How many connections may have left for the successor by now: one at first, four times as many in every eighth of the time, and
/// then all of them. What a generation does for the first time it does for few, while its predecessor answers the others.
/// </summary>
internal sealed class SlowStart
{
    private const int Growth = 4;
    private const int Steps = 8; // 16,384 in the last one.
    private const int ShareOfTimeout = 4;

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(160);

    private readonly TimeProvider _clock;
    private readonly long _began;
    private int _left;

    /// <param name="timeout">When what has not left is cut: it takes a quarter of that, 160 ms at most.</param>
    /// <param name="clock">The time.</param>
    public SlowStart(TimeSpan timeout, TimeProvider clock)
    {
        Duration = TimeSpan.FromTicks(Math.Min(Longest.Ticks, timeout.Ticks / ShareOfTimeout));
        _clock = clock;
        _began = clock.GetTimestamp();
    }

    /// <summary>How long it takes.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Whether all may leave.</summary>
    public bool IsOver => Elapsed >= Duration;

    private TimeSpan Elapsed => _clock.GetElapsedTime(_began);

    private long Allowed => IsOver ? long.MaxValue : (long)Math.Pow(Growth, (int)(Steps * (Elapsed / Duration)));

    /// <summary>Counts one that leaves.</summary>
    /// <param name="isUrgent">Whether it leaves in any case.</param>
    /// <returns>Whether it may.</returns>
    public bool TryLeave(bool isUrgent = false)
    {
        if (Interlocked.Increment(ref _left) <= Allowed || isUrgent)
            return true;
        Stay();
        return false;
    }

    /// <summary>One that was to leave has not.</summary>
    public void Stay() => Interlocked.Decrement(ref _left);
}
