using Baton.Handover.Hosting;
using Baton.Handover.Tests.Upgrades;
using Xunit;

namespace Baton.Handover.Tests.Transport;

public sealed class SlowStartTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Four_times_as_many_may_leave_every_20_ms_and_all_after_160()
    {
        var start = new SlowStart(_clock);
        Assert.Equal(1, Leaving(start));
        foreach (var more in new[] { 3, 12, 48, 192, 768, 3072, 12288 })
        {
            Assert.Equal(0, Leaving(start));
            _clock.Advance(TimeSpan.FromMilliseconds(20));
            Assert.Equal(more, Leaving(start));
        }

        _clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(TimeSpan.FromMilliseconds(160), SlowStart.Duration);
        Assert.Equal(100_000, Leaving(start));
    }

    [Fact]
    public void One_that_stays_after_all_leaves_its_place_to_another()
    {
        var start = new SlowStart(_clock);
        Assert.True(start.TryLeave());
        Assert.False(start.TryLeave());

        start.Stay();

        Assert.True(start.TryLeave());
        Assert.False(start.TryLeave());
    }

    [Fact]
    public void Who_must_leave_does_so_and_counts()
    {
        var start = new SlowStart(_clock);
        Assert.True(start.TryLeave(isUrgent: true));
        Assert.True(start.TryLeave(isUrgent: true));
        _clock.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(2, Leaving(start));
    }

    private static int Leaving(SlowStart start)
    {
        var leaving = 0;
        while (leaving < 100_000 && start.TryLeave())
            leaving++;
        return leaving;
    }
}
