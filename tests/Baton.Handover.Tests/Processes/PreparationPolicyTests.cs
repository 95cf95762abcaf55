using Baton.Handover.Native;
using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Processes;

public sealed class PreparationPolicyTests
{
    [Fact]
    public void A_thread_is_behind_and_then_as_before() => OwnThread.Run(() =>
    {
        var policy = new PreparationPolicy();

        Assert.True(policy.Lower(0));
        Assert.Equal(SchedulingCalls.SCHED_BATCH, SchedulingCalls.PolicyOf(0));
        Assert.True(policy.Restore(0));
        Assert.Equal(SchedulingCalls.SCHED_OTHER, SchedulingCalls.PolicyOf(0));
        Assert.False(policy.Restore(0));
    });

    [Fact]
    public void The_one_that_an_operator_has_chosen_stays() => OwnThread.Run(() =>
    {
        Assert.True(SchedulingCalls.TrySetPolicy(0, SchedulingCalls.SCHED_BATCH));
        var policy = new PreparationPolicy();

        Assert.False(policy.Lower(0));
        Assert.False(policy.Restore(0));
        Assert.Equal(SchedulingCalls.SCHED_BATCH, SchedulingCalls.PolicyOf(0));
    });
}
