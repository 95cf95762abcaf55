using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Upgrades;

/// <summary>The predecessor's side: what a trigger, a successor's words and its death do.</summary>
public sealed class UpgraderTests
{
    private static readonly HandoverOptions Options = new();

    [Fact]
    public async Task A_ready_successor_takes_over_and_the_predecessor_exits_when_drained_and_past_probation()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        Assert.True(scene.Accepts);

        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        Assert.False(scene.Accepts);
        scene.Clock.Advance(Options.Probation);
        await scene.InPhaseAsync(HandoverPhase.Draining);
        await scene.FinishDrainAsync();
        await scene.InPhaseAsync(HandoverPhase.Exiting);

        Assert.Equal([ChannelMessage.TakeOver, ChannelMessage.Proven, ChannelMessage.Final], successor.Received);
        Assert.Equal(UpgradeOutcome.Completed, successor.Report!.Outcome);
        Assert.Equal(scene.Clock.GetUtcNow(), successor.Report.EndedAt);
        Assert.False(successor.WasKilled);
        Assert.True(scene.Upgrader.HasSuccessor);
    }

    [Fact]
    public async Task A_draining_predecessor_tells_its_successor_what_is_left()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        Assert.Equal(successor.Pid, scene.Upgrader.SuccessorPid);
        successor.BecomeReady();
        await scene.UntilAsync(() => successor.Progress is { Connections: 3, Requests: 2, Tunnels: 1 }, "the progress");
        await scene.FinishDrainAsync();
    }

    [Fact]
    public async Task A_successor_warms_up_from_its_word_until_it_is_ready()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        Assert.False(scene.Upgrader.IsSuccessorWarmingUp);
        successor.IsWarmingUp = true;
        Assert.True(scene.Upgrader.IsSuccessorWarmingUp);
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        Assert.False(scene.Upgrader.IsSuccessorWarmingUp);
        await scene.FinishDrainAsync();
    }

    [Fact]
    public async Task What_it_knows_is_passed_on_at_the_launch_at_the_takeover_and_at_the_end_as_it_is_then()
    {
        await using var scene = await UpgradeScene.ServingAsync(new HandoverOptions { Probation = TimeSpan.Zero });
        scene.Knows = "one"u8.ToArray();
        var successor = await scene.LaunchAsync();
        Assert.Equal("one"u8.ToArray(), scene.StateAtLaunch);

        scene.Knows = "two"u8.ToArray();
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Draining);
        scene.Knows = "three"u8.ToArray();
        await scene.FinishDrainAsync();
        await scene.InPhaseAsync(HandoverPhase.Exiting);
        Assert.Equal([ChannelMessage.TakeOver, ChannelMessage.Final], successor.States.Keys.Where(kind => kind != ChannelMessage.Progress));
        Assert.Equal("two"u8.ToArray(), successor.States[ChannelMessage.TakeOver]);
        Assert.Equal("three"u8.ToArray(), successor.States[ChannelMessage.Final]);
    }

    [Fact]
    public async Task A_drained_predecessor_stays_until_the_probation_is_over()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        await scene.FinishDrainAsync();

        scene.Clock.Advance(Options.Probation - TimeSpan.FromTicks(1));
        scene.Upgrader.RequestUpgrade("a marker that passes through the loop");
        await scene.UntilAsync(() => successor.Received.Contains(ChannelMessage.Trigger), "the marker");
        Assert.Equal(HandoverPhase.Probation, scene.Upgrader.Phase);

        scene.Clock.Advance(TimeSpan.FromTicks(1));
        await scene.InPhaseAsync(HandoverPhase.Exiting);
    }

    [Fact]
    public async Task Without_probation_the_predecessor_goes_as_soon_as_it_is_drained()
    {
        await using var scene = await UpgradeScene.ServingAsync(new HandoverOptions { Probation = TimeSpan.Zero });
        var successor = await scene.LaunchAsync();
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Draining);
        await scene.FinishDrainAsync();
        await scene.InPhaseAsync(HandoverPhase.Exiting);
    }

    [Fact]
    public async Task Twenty_triggers_during_an_upgrade_make_one_more()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var first = await scene.LaunchAsync();
        for (var i = 0; i < 20; i++)
            scene.Upgrader.RequestUpgrade("a test");
        first.Fail("not today");

        var second = await scene.SuccessorAsync(2);
        second.Fail("nor now");
        await scene.InPhaseAsync(HandoverPhase.Serving);
        Assert.Equal(2, scene.Launched);
    }

    [Fact]
    public async Task A_trigger_while_launching_is_passed_on_to_the_successor_once()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        scene.Upgrader.RequestUpgrade("a test");
        scene.Upgrader.RequestUpgrade("a test");
        successor.BecomeReady();
        await scene.UntilAsync(() => successor.Received.Contains(ChannelMessage.Trigger), "the trigger");
        Assert.Single(successor.Received, ChannelMessage.Trigger);
        Assert.Equal(1, scene.Launched);
    }

    [Fact]
    public async Task A_trigger_that_reaches_a_predecessor_that_was_asked_to_end_goes_to_its_successor()
    {
        await using var scene = await UpgradeScene.ServingAsync(new HandoverOptions { Probation = TimeSpan.Zero });
        var successor = await scene.LaunchAsync();
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Draining);
        scene.Upgrader.RequestStop("a test");
        await scene.InPhaseAsync(HandoverPhase.Stopping);
        scene.Upgrader.RequestUpgrade("a test");
        await scene.UntilAsync(() => successor.Received.Contains(ChannelMessage.Trigger), "the trigger");
    }

    [Fact]
    public async Task A_trigger_passed_on_to_a_successor_that_dies_is_run_by_the_predecessor()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        scene.Upgrader.RequestUpgrade("a test");
        await scene.UntilAsync(() => successor.Received.Contains(ChannelMessage.Trigger), "the trigger");

        successor.Die();
        Assert.Equal(3, (await scene.SuccessorAsync(2)).Generation);
        Assert.True(scene.Accepts);
    }

    [Fact]
    public async Task A_launch_that_fails_leaves_the_predecessor_serving_and_gives_the_reason()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        scene.LaunchFails = new HandoverException("no such file");
        scene.Upgrader.RequestUpgrade("a test");
        Assert.Equal(["no such file"], (await scene.ReportAsync(UpgradeOutcome.Failed)).Reasons);
        await scene.InPhaseAsync(HandoverPhase.Serving);
        Assert.True(scene.Accepts);
    }

    [Fact]
    public async Task Every_reason_of_a_failed_successor_is_reported()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        (await scene.LaunchAsync()).Fail("one", "two");
        Assert.Equal(["one", "two"], (await scene.ReportAsync(UpgradeOutcome.Failed)).Reasons);
        Assert.True(scene.Accepts);
    }

    [Fact]
    public async Task A_successor_that_hangs_is_killed_at_the_deadline()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        await scene.UntilAsync(() =>
        {
            scene.Clock.Advance(Options.ReadyTimeout);
            return successor.WasKilled;
        }, "the kill");
        Assert.Contains("not ready after 30 s", (await scene.ReportAsync(UpgradeOutcome.Failed)).Reasons[0], StringComparison.Ordinal);
        Assert.True(scene.Accepts);
    }

    [Fact]
    public async Task Garbage_on_the_ready_pipe_fails_the_upgrade_and_the_writer_is_killed()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        successor.WriteGarbage();
        await scene.ReportAsync(UpgradeOutcome.Failed);
        Assert.True(successor.WasKilled);
        Assert.True(scene.Accepts);
    }

    [Fact]
    public async Task A_successor_that_dies_between_ready_and_takeover_is_a_failed_upgrade()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        successor.Die();
        successor.BecomeReady();
        await scene.ReportAsync(UpgradeOutcome.Failed);
        Assert.True(scene.Accepts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_successor_that_dies_while_the_predecessor_lives_is_rolled_back(bool pastProbation)
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        if (pastProbation)
        {
            scene.Clock.Advance(Options.Probation);
            await scene.InPhaseAsync(HandoverPhase.Draining);
        }

        successor.Die();
        Assert.Equal(2, (await scene.ReportAsync(UpgradeOutcome.RolledBack)).To);
        await scene.InPhaseAsync(HandoverPhase.Serving);
        Assert.True(scene.Accepts);
        Assert.Equal(3, (await scene.LaunchAsync()).Generation);
    }

    [Fact]
    public async Task A_successor_that_leaves_on_purpose_is_not_rolled_back()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        successor.Say(ChannelMessage.Leaving);
        await scene.InPhaseAsync(HandoverPhase.Draining);
        successor.Die();
        await scene.FinishDrainAsync();
        await scene.InPhaseAsync(HandoverPhase.Exiting);
        Assert.False(scene.Accepts);
    }

    [Fact]
    public async Task Asked_to_end_while_a_successor_prepares_both_end()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        scene.Upgrader.RequestStop("SIGTERM");
        await scene.InPhaseAsync(HandoverPhase.Stopping);
        Assert.True(successor.WasTerminated);
        Assert.False(scene.Accepts);
        await scene.FinishDrainAsync();
        await scene.InPhaseAsync(HandoverPhase.Exiting);
        Assert.True(successor.WasKilled);
        Assert.False(scene.Upgrader.HasSuccessor);
    }

    [Fact]
    public async Task Asked_to_end_while_draining_it_goes_without_waiting_for_the_probation()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        await scene.FinishDrainAsync();
        scene.Upgrader.RequestStop("SIGTERM");
        await scene.InPhaseAsync(HandoverPhase.Exiting);
        Assert.False(successor.WasKilled);
        Assert.True(scene.Upgrader.HasSuccessor);
    }

    [Fact]
    public async Task Asked_to_end_it_accepts_until_the_shutdown_delay_is_over_and_is_no_longer_serving()
    {
        await using var scene = await UpgradeScene.ServingAsync(new HandoverOptions { ShutdownDelay = TimeSpan.FromSeconds(5) });
        scene.Upgrader.RequestStop("a test");
        await scene.InPhaseAsync(HandoverPhase.Stopping);
        Assert.True(scene.Accepts);
        scene.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.True(scene.Accepts);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await scene.FinishDrainAsync();
        Assert.False(scene.Accepts);
        await scene.InPhaseAsync(HandoverPhase.Exiting);
    }
}
