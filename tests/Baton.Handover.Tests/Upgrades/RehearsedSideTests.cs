using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Upgrades;

/// <summary>A generation that is only rehearsed: it never accepts, whatever it is told or not told.</summary>
public sealed class RehearsedSideTests
{
    [Fact]
    public async Task It_says_ready_and_ends_when_it_is_told_to()
    {
        await using var scene = Scene();
        scene.Upgrader.SayPrepared();
        await scene.UntilAsync(() => scene.Predecessor!.Heard is not null, "the ready message");
        Assert.True(scene.Predecessor!.Heard!.IsReady);
        scene.Upgrader.RequestStop("SIGTERM");
        await scene.InPhaseAsync(HandoverPhase.Exiting);
        Assert.False(scene.Accepts || scene.Upgrader.HasTakenOver);
    }

    [Fact]
    public async Task Neither_silence_nor_a_word_of_the_predecessor_makes_it_accept()
    {
        await using var scene = Scene();
        scene.Upgrader.SayPrepared();
        await scene.UntilAsync(() => scene.Predecessor!.Heard is not null, "the ready message");
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        scene.Predecessor!.Tell(ChannelMessage.TakeOver);
        scene.Predecessor.Tell(ChannelMessage.Proven);
        await PassAsync(scene);
        Assert.Equal(HandoverPhase.Preparing, scene.Upgrader.Phase);
        Assert.False(scene.Accepts || scene.Upgrader.HasTakenOver || scene.Upgrader.IsMain);
    }

    [Fact]
    public async Task It_ends_with_its_predecessor()
    {
        await using var scene = Scene();
        scene.Upgrader.SayPrepared();
        scene.Predecessor!.Die();
        await scene.InPhaseAsync(HandoverPhase.Exiting);
        Assert.False(scene.Accepts || scene.Upgrader.HasTakenOver || scene.Upgrader.IsMain);
    }

    [Fact]
    public async Task A_trigger_is_passed_back_to_its_predecessor()
    {
        await using var scene = Scene();
        scene.Upgrader.RequestUpgrade("SIGHUP");
        await PassAsync(scene);
        Assert.Equal(0, scene.Launched);
    }

    private static UpgradeScene Scene() => new(predecessor: new FakePredecessor(), isRehearsal: true);

    // What was written to the loop before is done when a trigger has passed through it.
    private static async Task PassAsync(UpgradeScene scene)
    {
        var before = Triggers(scene);
        scene.Upgrader.RequestUpgrade("a marker that passes through the loop");
        await scene.UntilAsync(() => Triggers(scene) > before, "the trigger to be passed back");
    }

    private static int Triggers(UpgradeScene scene) => scene.Predecessor!.Received.Count(kind => kind == ChannelMessage.Trigger);
}
