namespace Baton.Handover.Hosting;

/// <summary>
/// How many connections may have left for the successor by now: one at first, four times as many every 20 ms, all of them after
/// 160 ms. What a generation does for the first time it does for few, while its predecessor answers the others.
/// </summary>
internal sealed class SlowStart(TimeProvider clock)
{
    private const int Growth = 4;
    private const int Steps = 8; // 16,384 in the last one.

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly long _began = clock.GetTimestamp();
    private int _left;

    /// <summary>How long it takes.</summary>
    public static TimeSpan Duration => Steps * Step;

    private long Allowed => clock.GetElapsedTime(_began) is var elapsed && elapsed < Duration ? (long)Math.Pow(Growth, elapsed.Ticks / Step.Ticks) : long.MaxValue;

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
