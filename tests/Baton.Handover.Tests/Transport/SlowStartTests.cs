using Baton.Handover.Hosting;
using Baton.Handover.Tests.Upgrades;
using Xunit;

namespace Baton.Handover.Tests.Transport;

public sealed class SlowStartTests
{
    private const int All = 100_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();

    [Fact]
    public void Four_times_as_many_may_leave_every_20_ms_and_all_after_160()
    {
        var start = new SlowStart(Timeout, _clock);
        Assert.Equal(1, Leaving(start));
        foreach (var more in new[] { 3, 12, 48, 192, 768, 3072, 12288 })
        {
            Assert.Equal(0, Leaving(start));
            _clock.Advance(TimeSpan.FromMilliseconds(20));
            Assert.Equal(more, Leaving(start));
        }

        _clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(TimeSpan.FromMilliseconds(160), start.Duration);
        Assert.Equal(All, Leaving(start));
    }

    [Fact]
    public void One_that_stays_after_all_leaves_its_place_to_another()
    {
        var start = new SlowStart(Timeout, _clock);
        Assert.True(start.TryLeave());
        Assert.False(start.TryLeave());

        start.Stay();

        Assert.True(start.TryLeave());
        Assert.False(start.TryLeave());
    }

    [Fact]
    public void Who_must_leave_does_so_and_counts()
    {
        var start = new SlowStart(Timeout, _clock);
        Assert.True(start.TryLeave(isUrgent: true));
        Assert.True(start.TryLeave(isUrgent: true));
        _clock.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(2, Leaving(start));
    }

    [Theory]
    [InlineData(80, 20)]
    [InlineData(0, 0)]
    public void It_takes_a_quarter_of_the_time_that_is_left_at_most(int timeout, int duration)
    {
        var start = new SlowStart(TimeSpan.FromMilliseconds(timeout), _clock);
        Assert.Equal(duration == 0 ? All : 1, Leaving(start));

        _clock.Advance(TimeSpan.FromMilliseconds(duration));
        Assert.Equal(All, Leaving(start));
    }

    private static int Leaving(SlowStart start)
    {
        var leaving = 0;
        while (leaving < All && start.TryLeave())
            leaving++;
        return leaving;
    }
}
