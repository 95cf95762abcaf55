using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Upgrades;

/// <summary>An upgrade without the takeover, from the side of the generation that serves on.</summary>
public sealed class RehearsalTests
{
    private static readonly HandoverOptions Options = new();

    [Fact]
    public async Task A_ready_successor_is_told_to_end_and_its_predecessor_serves_all_the_time()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var (successor, report) = await scene.RehearseAsync();
        Assert.True(successor.IsRehearsed);
        Assert.Equal(HandoverPhase.Launching, scene.Upgrader.Phase);

        successor.BecomeReady();
        await scene.UntilAsync(() => successor.WasTerminated, "the end of the successor");
        Assert.False(report.IsCompleted);
        Assert.True(scene.Accepts);
        successor.Die();

        var learned = await report;
        Assert.Equal((UpgradeOutcome.Rehearsed, 1, 2, successor.Pid, "2.0"), (learned.Outcome, learned.From, learned.To, learned.ToPid, learned.ToVersion));
        Assert.Equal(successor.Learned, learned.Rehearsal);
        Assert.NotNull(learned.ReadyAfter);
        Assert.Equal(HandoverPhase.Serving, scene.Upgrader.Phase);
        Assert.True(scene.Accepts);
        Assert.Empty(successor.Received);
        Assert.False(successor.WasKilled);
        Assert.False(scene.Upgrader.HasSuccessor);
        Assert.Null(scene.Upgrader.SuccessorPid);
    }

    [Fact]
    public async Task Observers_are_told_that_it_is_a_rehearsal_and_of_no_report()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var (successor, report) = await scene.RehearseAsync();
        successor.BecomeReady();
        successor.Die();
        await report;
        var upgraded = await scene.LaunchAsync();
        upgraded.Fail("not today");
        await scene.ReportAsync(UpgradeOutcome.Failed);

        Assert.Equal(
            [(HandoverPhase.Serving, false), (HandoverPhase.Launching, true), (HandoverPhase.Serving, true), (HandoverPhase.Launching, false), (HandoverPhase.Serving, false)],
            scene.Told.Select(told => (told.Phase, told.IsRehearsal)));
        Assert.Single(scene.Told, told => told.Report is not null);
        Assert.False(upgraded.IsRehearsed);
        Assert.Equal(2, upgraded.Generation); // The number was not used up.
    }

    [Fact]
    public async Task A_successor_that_fails_gives_the_reasons_for_which_the_upgrade_would_fail_and_ends_by_itself()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var (successor, report) = await scene.RehearseAsync();
        successor.Fail("one", "two");
        await scene.UntilAsync(() => successor.WasTerminated, "the end of the successor");
        successor.Die();

        Assert.Equal(["one", "two"], (await report).Reasons);
        Assert.Equal((UpgradeOutcome.Failed, null), ((await report).Outcome, (await report).Rehearsal));
        Assert.False(successor.WasKilled);
    }

    [Fact]
    public async Task A_launch_that_fails_gives_the_reason()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        scene.LaunchFails = new HandoverException("no such file");
        var report = await scene.Upgrader.RehearseAsync("a test");
        Assert.Equal((UpgradeOutcome.Failed, "no such file"), (report.Outcome, Assert.Single(report.Reasons)));
        Assert.Equal(HandoverPhase.Serving, scene.Upgrader.Phase);
        Assert.False(scene.Told[^1].Report is not null);
    }

    [Fact]
    public async Task A_successor_that_hangs_is_told_to_end_at_the_deadline_and_killed_if_it_does_not()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var (successor, report) = await scene.RehearseAsync();
        await scene.UntilAsync(() =>
        {
            scene.Clock.Advance(Options.ReadyTimeout);
            return successor.WasTerminated;
        }, "the deadline");
        await scene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(4));
            return successor.WasKilled;
        }, "the kill");
        successor.Die();
        Assert.Contains("was not ready after 30 s and was told to end", Assert.Single((await report).Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ready_successor_that_does_not_end_is_killed_before_an_older_build_would_accept_by_itself()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var (successor, report) = await scene.RehearseAsync();
        successor.BecomeReady();
        await scene.UntilAsync(() => successor.WasTerminated, "the end of the successor");
        await scene.UntilAsync(() => scene.Clock.HasTimerIn(TimeSpan.FromSeconds(4)), "its deadline");
        scene.Clock.Advance(TimeSpan.FromSeconds(4) - TimeSpan.FromTicks(1));
        scene.Upgrader.RequestUpgrade("a marker that passes through the loop");
        Assert.False(successor.WasKilled);
        scene.Clock.Advance(TimeSpan.FromTicks(1));
        await scene.UntilAsync(() => successor.WasKilled, "the kill");
        successor.Die();
        Assert.Equal(UpgradeOutcome.Rehearsed, (await report).Outcome);
        (await scene.SuccessorAsync(2)).Fail("the marker's");
    }

    [Fact]
    public async Task An_older_build_that_has_gone_on_by_itself_may_finish_what_it_has_accepted()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var (successor, report) = await scene.RehearseAsync();
        successor.Say(ChannelMessage.Answers);
        successor.BecomeReady();
        await scene.UntilAsync(() => successor.WasTerminated, "the end of the successor");
        await scene.UntilAsync(() => scene.Clock.HasTimerIn(TimeSpan.FromSeconds(4)), "its deadline");
        await scene.UntilAsync(() => successor.HasBeenHeard, "its word");
        scene.Clock.Advance(TimeSpan.FromSeconds(4));
        await scene.UntilAsync(() => scene.Clock.HasTimerIn(Options.DrainTimeout), "a longer deadline");
        Assert.False(successor.WasKilled);
        scene.Clock.Advance(Options.DrainTimeout);
        await scene.UntilAsync(() => successor.WasKilled, "the kill");
        successor.Die();
        await report;
    }

    [Fact]
    public async Task Twenty_triggers_meanwhile_make_one_upgrade_afterwards()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var (successor, report) = await scene.RehearseAsync();
        for (var i = 0; i < 20; i++)
            scene.Upgrader.RequestUpgrade("a test");
        successor.BecomeReady();
        successor.Die();
        await report;
        var next = await scene.SuccessorAsync(2);
        Assert.False(next.IsRehearsed);
        next.Fail("not today");
        await scene.ReportAsync(UpgradeOutcome.Failed);
        Assert.Equal(2, scene.Launched);
    }

    [Fact]
    public async Task A_trigger_that_reaches_the_successor_is_run_by_its_predecessor()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var (successor, report) = await scene.RehearseAsync();
        successor.Say(ChannelMessage.Trigger);
        successor.BecomeReady();
        await scene.UntilAsync(() => successor.HasBeenHeard, "its word");
        successor.Die();
        await report;
        (await scene.SuccessorAsync(2)).Fail("not today");
    }

    [Fact]
    public async Task It_is_refused_while_an_upgrade_or_another_rehearsal_is_under_way()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var (rehearsed, report) = await scene.RehearseAsync();
        Assert.Contains("being rehearsed (pid 1002)", (await Assert.ThrowsAsync<HandoverException>(() => scene.Upgrader.RehearseAsync("a test"))).Message, StringComparison.Ordinal);
        rehearsed.BecomeReady();
        rehearsed.Die();
        await report;

        var successor = await scene.LaunchAsync();
        Assert.Contains("under way (pid 1002)", (await Assert.ThrowsAsync<HandoverException>(() => scene.Upgrader.RehearseAsync("a test"))).Message, StringComparison.Ordinal);
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        Assert.Contains("ends: it is Probation", (await Assert.ThrowsAsync<HandoverException>(() => scene.Upgrader.RehearseAsync("a test"))).Message, StringComparison.Ordinal);
        await scene.FinishDrainAsync();
    }

    [Fact]
    public async Task Asked_to_end_meanwhile_both_end_and_whoever_waits_is_answered_before_the_drain()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var (successor, report) = await scene.RehearseAsync();
        scene.Upgrader.RequestStop("SIGTERM");
        Assert.Contains("asked to end by SIGTERM", Assert.Single((await report).Reasons), StringComparison.Ordinal);
        await scene.InPhaseAsync(HandoverPhase.Stopping);
        Assert.True(successor.WasTerminated);
        Assert.False(scene.Accepts);
        await scene.FinishDrainAsync();
        await scene.InPhaseAsync(HandoverPhase.Exiting);
        Assert.True(successor.WasKilled); // It has not ended by itself.
        Assert.False(scene.Upgrader.HasSuccessor);
    }

    [Fact]
    public async Task When_it_has_ended_it_is_refused()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        scene.Upgrader.RequestStop("SIGTERM");
        await scene.FinishDrainAsync();
        await scene.InPhaseAsync(HandoverPhase.Exiting);
        await Assert.ThrowsAsync<HandoverException>(() => scene.Upgrader.RehearseAsync("a test"));
    }
}
