using System.Text;
using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Upgrades;

/// <summary>What is still learnt after the takeover, and who is told of it.</summary>
public sealed class TailTests
{
    [Fact]
    public async Task A_predecessor_that_drains_tells_its_successor_what_it_knows_again_and_again()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        successor.BecomeReady();
        await scene.UntilAsync(() => successor.States.ContainsKey(ChannelMessage.Progress), "the first state");
        scene.Knows = "more"u8.ToArray();
        await scene.UntilAsync(
            () =>
            {
                scene.Clock.Advance(TimeSpan.FromMilliseconds(250));
                return Encoding.UTF8.GetString(successor.States[ChannelMessage.Progress]!) == "more";
            },
            "the state of later");
        Assert.Equal([StateMoment.Launch, StateMoment.TakeOver, StateMoment.Drain], scene.Saved.Take(3));
    }

    [Fact]
    public async Task What_it_knows_last_arrives_last()
    {
        await using var scene = await UpgradeScene.ServingAsync(new HandoverOptions { Probation = TimeSpan.Zero });
        var successor = await scene.LaunchAsync();
        using var gathered = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        scene.Saving = moment =>
        {
            if (moment != StateMoment.Drain || gathered.IsSet)
                return;
            gathered.Set();
            goesOn.Wait(TestContext.Current.CancellationToken);
        };
        successor.BecomeReady();
        await scene.UntilAsync(() => gathered.IsSet, "the first state in the drain");
        scene.Knows = "later"u8.ToArray();
        await scene.FinishDrainAsync();
        await Task.Delay(200, TestContext.Current.CancellationToken); // In which the last word would overtake the one before it.
        goesOn.Set();
        await scene.UntilAsync(() => successor.AllStates.Count == 3, "the states of takeover, drain and end");

        Assert.Equal("later", Encoding.UTF8.GetString(successor.AllStates[^1]!));
    }

    [Fact]
    public async Task A_successor_loads_it_and_its_files_are_closed()
    {
        await using var scene = await TakenOverAsync();
        var file = StateFile.Write("more"u8);
        scene.Predecessor!.Tell(ChannelMessage.Progress, state: file);
        await scene.UntilAsync(() => scene.Loaded.Count == 1 && file.IsClosed, "the state");
        Assert.Equal(("more", StateMoment.Drain, true), scene.Loaded[0]);
    }

    [Fact]
    public async Task A_successor_tells_what_it_has_done_as_long_as_its_predecessor_may_resume()
    {
        await using var scene = await TakenOverAsync();
        await scene.UntilAsync(() => scene.Predecessor!.States.Count == 1, "the first state");
        await scene.Upgrader.TellPredecessorAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, scene.Predecessor!.States.Count);

        scene.Predecessor.Tell(ChannelMessage.Proven);
        await scene.UntilAsync(() => scene.Upgrader.IsMain, "the end of the probation");
        await scene.Upgrader.TellPredecessorAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, scene.Predecessor.States.Count);
    }

    [Fact]
    public async Task What_a_successor_has_told_is_known_before_its_predecessor_accepts_again()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await scene.LaunchAsync();
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        successor.Say(new ChannelMessage(ChannelMessage.Answers) { Descriptors = [StateFile.Write("what I did"u8)] });
        successor.Die();
        await scene.ReportAsync(UpgradeOutcome.RolledBack);
        Assert.Equal([("what I did", StateMoment.Probation, false)], scene.Loaded);
        Assert.Equal([false], scene.Resumed);
    }

    [Fact]
    public async Task A_generation_that_is_done_waits_for_its_predecessor_and_passes_on_what_that_told_last()
    {
        await using var scene = await TakenOverAsync();
        var successor = await DrainedAsync(scene);
        Assert.Equal(HandoverPhase.Draining, scene.Upgrader.Phase);

        scene.Knows = "the rest"u8.ToArray();
        scene.Predecessor!.Die();
        await scene.InPhaseAsync(HandoverPhase.Exiting);
        Assert.Equal("the rest", Encoding.UTF8.GetString(successor.States[ChannelMessage.Progress]!));
    }

    [Fact]
    public async Task It_does_not_end_before_what_its_predecessor_has_passed_meanwhile_has_gone_on()
    {
        await using var scene = await TakenOverAsync();
        var passedOn = new TaskCompletionSource();
        scene.PassedOn = passedOn.Task;
        var successor = await DrainedAsync(scene);
        var told = successor.AllStates.Count;
        scene.Predecessor!.Die();
        await scene.UntilAsync(() => scene.IsTailOver, "the end of what the predecessor passes");
        Assert.Equal(HandoverPhase.Draining, scene.Upgrader.Phase);
        Assert.Equal(told, successor.AllStates.Count);

        passedOn.SetResult();
        await scene.InPhaseAsync(HandoverPhase.Exiting);
        Assert.Equal(told + 1, successor.AllStates.Count);
    }

    [Fact]
    public async Task It_does_not_wait_for_ever()
    {
        await using var scene = await TakenOverAsync();
        await DrainedAsync(scene);
        await scene.UntilAsync(
            () =>
            {
                scene.Clock.Advance(TimeSpan.FromSeconds(1));
                return scene.Upgrader.Phase == HandoverPhase.Exiting;
            },
            "the end of its patience");
    }

    [Fact]
    public async Task It_does_not_wait_when_it_is_asked_to_end()
    {
        await using var scene = await TakenOverAsync();
        await DrainedAsync(scene);
        scene.Upgrader.RequestStop("a test");
        await scene.InPhaseAsync(HandoverPhase.Exiting);
    }

    private static async Task<UpgradeScene> TakenOverAsync()
    {
        var scene = new UpgradeScene(predecessor: new FakePredecessor());
        scene.Upgrader.SayPrepared();
        scene.Predecessor!.Tell(ChannelMessage.TakeOver, TimeSpan.FromHours(1));
        await scene.InPhaseAsync(HandoverPhase.Serving);
        return scene;
    }

    private static async Task<FakeSuccessor> DrainedAsync(UpgradeScene scene)
    {
        scene.Predecessor!.Tell(ChannelMessage.Proven);
        await scene.UntilAsync(() => scene.Upgrader.IsMain, "the end of the probation");
        var successor = await scene.LaunchAsync();
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        successor.Say(ChannelMessage.Leaving);
        await scene.InPhaseAsync(HandoverPhase.Draining);
        await scene.FinishDrainAsync();
        await scene.UntilAsync(() => successor.Report is not null && successor.States.ContainsKey(ChannelMessage.Progress), "the report, and the first state");
        return successor;
    }
}
