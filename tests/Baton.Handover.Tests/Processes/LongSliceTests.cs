using Baton.Handover.Native;
using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Processes;

public sealed class LongSliceTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    public LongSliceTests() => Assert.SkipUnless(SchedulingCalls.SliceOf(0) > TimeSpan.Zero, "This kernel does not say what a slice is.");

    [Fact]
    public void A_thread_has_it_and_whatever_it_starts_until_it_is_taken_back() => OwnThread.Run(() =>
    {
        var before = SchedulingCalls.SliceOf(0);
        using (LongSlice.OfThisThread())
        {
            Assert.Equal(Longest, SchedulingCalls.SliceOf(0));
            OwnThread.Run(() =>
            {
                Assert.Equal(Longest, SchedulingCalls.SliceOf(0));
                Assert.True(LongSlice.TakeBack(0));
                Assert.Equal(before, SchedulingCalls.SliceOf(0));
            });
            Assert.Equal(Longest, SchedulingCalls.SliceOf(0));
        }

        Assert.Equal(before, SchedulingCalls.SliceOf(0));
    });

    [Fact]
    public void What_an_operator_has_given_is_not_taken() => OwnThread.Run(() =>
    {
        var given = TimeSpan.FromMilliseconds(7);
        Assert.True(SchedulingCalls.TrySetSlice(0, given));

        Assert.False(LongSlice.TakeBack(0));
        Assert.Equal(given, SchedulingCalls.SliceOf(0));
    });

    [Fact]
    public void A_thread_that_has_ended_has_none() => Assert.False(LongSlice.Set(int.MaxValue));
}
