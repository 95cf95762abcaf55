namespace Baton.Handover.Hosting;

/// <summary>Gives each one that is to leave a turn, one after the other, so that not all of them come back in one instant.</summary>
/// <param name="count">How many there are now.</param>
/// <param name="spread">The longest time that all of them together may take.</param>
internal sealed class LeaveSchedule(int count, TimeSpan spread)
{
    // Few are not made to wait: fifty a second are no crowd.
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMilliseconds(20);

    private readonly TimeSpan _interval = count == 0 || spread / count > LongestInterval ? LongestInterval : spread / count;
    private int _given;

    /// <summary>The next turn, counted from the begin of the drain.</summary>
    public TimeSpan Next()
    {
        var turn = _interval * _given++;
        return turn < spread ? turn : spread;
    }
}
