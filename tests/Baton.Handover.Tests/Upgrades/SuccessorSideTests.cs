using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Upgrades;

/// <summary>The successor's side: when it accepts, and what it does with triggers and a predecessor's death.</summary>
public sealed class SuccessorSideTests
{
    [Fact]
    public async Task It_says_ready_and_accepts_only_when_told_to_take_over()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.SayPrepared();
        await scene.UntilAsync(() => scene.Predecessor!.Heard is not null, "the ready message");
        Assert.True(scene.Predecessor!.Heard!.IsReady);
        Assert.False(scene.Accepts);

        scene.Predecessor.Tell(ChannelMessage.TakeOver);
        await scene.InPhaseAsync(HandoverPhase.Serving);
        Assert.True(scene.Accepts);
    }

    [Fact]
    public async Task It_knows_what_its_predecessor_still_has_to_finish_until_that_is_gone()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.SayPrepared();
        scene.Predecessor!.Tell(ChannelMessage.TakeOver);
        scene.Predecessor.Tell(ChannelMessage.Progress, open: new DrainProgress(7, 5, 1));
        await scene.UntilAsync(() => scene.Upgrader.PredecessorOpen is { Connections: 7, Requests: 5, Tunnels: 1 }, "the progress");

        scene.Predecessor.Die();
        await scene.UntilAsync(() => scene.Upgrader.PredecessorOpen is null, "its end");
    }

    [Fact]
    public async Task It_knows_every_generation_before_it_and_tells_its_successor_of_them()
    {
        await using var scene = new UpgradeScene(new HandoverOptions { Probation = TimeSpan.Zero }, new FakePredecessor());
        scene.Upgrader.SayPrepared();
        scene.Predecessor!.Tell(ChannelMessage.TakeOver);
        scene.Predecessor.Tell(ChannelMessage.Progress, open: new DrainProgress(7, 5, 1)); // As a build says it that knows no more.
        await scene.UntilAsync(() => scene.Upgrader.PredecessorOpen is not null, "the progress");
        Assert.Empty(scene.Upgrader.Predecessors);

        GenerationProgress[] before = [.. Enumerable.Range(1, 20).Select(number => new GenerationProgress(number, 100 + number, HandoverPhase.Draining))];
        scene.Predecessor.Tell(ChannelMessage.Progress, open: new DrainProgress(7, 5, 1), generations: before);
        await scene.UntilAsync(() => scene.Upgrader.Predecessors.Count > 0, "the progress");
        Assert.Equal(Enumerable.Range(13, 8), scene.Upgrader.Predecessors.Select(one => one.Number)); // The latest, whatever it is told.
        Assert.Null(scene.Upgrader.Successor);

        scene.Predecessor.Tell(ChannelMessage.Proven);
        var successor = await scene.LaunchAsync();
        Assert.Equal((3, successor.Pid, HandoverPhase.Preparing, null), (scene.Upgrader.Successor!.Number, scene.Upgrader.Successor.Pid, scene.Upgrader.Successor.Phase, scene.Upgrader.Successor.Version));
        successor.BecomeReady();
        await scene.UntilAsync(() => successor.Predecessors is [.., { Number: 2 }], "the progress");
        var own = successor.Predecessors[^1];
        Assert.Equal((9, 20, "1.0", 1), (successor.Predecessors.Count, successor.Predecessors[^2].Number, own.Version, own.Open!.Tunnels));
        Assert.Equal(new PendingWork("all", "request", 2, TimeSpan.FromSeconds(7)), Assert.Single(own.WaitsFor));

        scene.Predecessor.Die();
        await scene.UntilAsync(() => scene.Upgrader.Predecessors.Count == 0, "its end");
    }

    [Fact]
    public async Task What_the_predecessor_knows_is_loaded_before_it_accepts_and_once_more_at_the_end()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.SayPrepared();
        var atTakeOver = StateFile.Write("newest"u8);
        var atEnd = StateFile.Write("last"u8);
        scene.Predecessor!.Tell(ChannelMessage.TakeOver, state: atTakeOver);
        await scene.InPhaseAsync(HandoverPhase.Serving);
        scene.Predecessor.Tell(ChannelMessage.Final, state: atEnd);
        await scene.UntilAsync(() => scene.Loaded.Count == 2, "the last state");
        Assert.Equal([("newest", StateMoment.TakeOver, false), ("last", StateMoment.End, true)], scene.Loaded);
        await scene.UntilAsync(() => atTakeOver.IsClosed && atEnd.IsClosed, "the files to be closed");
    }

    [Fact]
    public async Task A_file_with_another_message_is_closed_and_not_read()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.SayPrepared();
        var file = StateFile.Write("from the future"u8);
        scene.Predecessor!.Tell("something from the future", state: file);
        scene.Predecessor.Tell(ChannelMessage.TakeOver);
        await scene.InPhaseAsync(HandoverPhase.Serving);
        Assert.True(file.IsClosed);
        Assert.Empty(scene.Loaded);
    }

    [Fact]
    public async Task A_predecessor_that_is_killed_before_the_takeover_leaves_the_successor_serving()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.SayPrepared();
        scene.Predecessor!.Die();
        await scene.InPhaseAsync(HandoverPhase.Serving);
        Assert.True(scene.Accepts);
    }

    [Fact]
    public async Task A_predecessor_that_hangs_after_ready_does_not_stop_the_takeover()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.SayPrepared();
        await scene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(5));
            return scene.Upgrader.Phase == HandoverPhase.Serving;
        }, "the takeover");
        Assert.True(scene.Accepts);
    }

    [Fact]
    public async Task A_trigger_before_the_takeover_runs_when_the_probation_is_over()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.RequestUpgrade("SIGHUP");
        scene.Upgrader.SayPrepared();
        scene.Predecessor!.Tell(ChannelMessage.TakeOver, TimeSpan.FromSeconds(2));
        await scene.InPhaseAsync(HandoverPhase.Serving);
        Assert.Equal(0, scene.Launched);

        scene.Predecessor.Tell(ChannelMessage.Proven);
        Assert.Equal(3, (await scene.SuccessorAsync(1)).Generation);
    }

    [Fact]
    public async Task A_trigger_from_a_draining_predecessor_is_run()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.SayPrepared();
        scene.Predecessor!.Tell(ChannelMessage.TakeOver);
        scene.Predecessor.Tell(ChannelMessage.Proven);
        scene.Predecessor.Tell(ChannelMessage.Trigger);
        await scene.SuccessorAsync(1);
    }

    [Fact]
    public async Task A_predecessor_that_never_ends_its_probation_does_not_block_upgrades()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.SayPrepared();
        scene.Predecessor!.Tell(ChannelMessage.TakeOver, TimeSpan.FromSeconds(2));
        await scene.InPhaseAsync(HandoverPhase.Serving);
        scene.Upgrader.RequestUpgrade("SIGHUP");
        await scene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(7));
            return scene.Launched == 1;
        }, "the launch");
    }

    [Fact]
    public async Task An_unknown_message_is_passed_over()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.SayPrepared();
        scene.Predecessor!.Tell("something from the future");
        scene.Predecessor.Tell(ChannelMessage.TakeOver);
        await scene.InPhaseAsync(HandoverPhase.Serving);
    }

    [Fact]
    public async Task Asked_to_end_before_it_is_ready_it_tells_the_predecessor_why()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.RequestStop("SIGTERM");
        await scene.InPhaseAsync(HandoverPhase.Exiting);
        Assert.Contains("SIGTERM", Assert.Single(scene.Predecessor!.Heard!.Failed!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ending_or_handing_over_it_tells_its_predecessor_not_to_resume()
    {
        await using var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.SayPrepared();
        scene.Predecessor!.Tell(ChannelMessage.TakeOver);
        await scene.InPhaseAsync(HandoverPhase.Serving);
        scene.Upgrader.RequestStop("SIGTERM");
        await scene.InPhaseAsync(HandoverPhase.Stopping);
        Assert.Contains(ChannelMessage.Leaving, scene.Predecessor.Received);
    }
}
