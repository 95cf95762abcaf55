using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Upgrades;

/// <summary>A successor that lives and does worse than its predecessor.</summary>
public sealed class ProbationTests
{
    private static readonly TrafficFigures Healthy = new(1000, 10, 10, 5);

    [Theory]
    [InlineData(100, 12, 0)]
    [InlineData(100, 0, 12)]
    public async Task One_that_fails_more_often_is_told_to_go_and_the_predecessor_accepts_again(int answered, int answered5xx, int upstreamFailures)
    {
        await using var scene = await UpgradeScene.ServingAsync();
        scene.RecentFigures = Healthy;
        var successor = await OnProbationAsync(scene);
        Assert.False(scene.Accepts);

        successor.Say(new ChannelMessage(ChannelMessage.Answers) { Figures = new TrafficFigures(answered, answered5xx, upstreamFailures, 7) });

        var report = await scene.ReportAsync(UpgradeOutcome.RolledBack);
        Assert.Contains($"{answered5xx + upstreamFailures} were", Assert.Single(report.Reasons), StringComparison.Ordinal);
        Assert.Equal((Healthy, 7), (report.Before, report.After!.PeakAccepts));
        Assert.Equal((true, true, false), (scene.Accepts, successor.WasTerminated, successor.WasKilled));
    }

    [Theory]
    [InlineData(100, 11, 0.1)] // 1 % before
    [InlineData(19, 19, 0.1)]
    [InlineData(100, 100, 1)]
    public async Task One_that_fails_hardly_more_often_or_has_answered_little_stays(int answered, int answered5xx, double margin)
    {
        await using var scene = await UpgradeScene.ServingAsync(new HandoverOptions { FailureMargin = margin });
        scene.RecentFigures = Healthy;
        var successor = await OnProbationAsync(scene);
        successor.Say(new ChannelMessage(ChannelMessage.Answers) { Figures = new TrafficFigures(answered, answered5xx, 0, 7) });

        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        await scene.InPhaseAsync(HandoverPhase.Draining);
        Assert.False(successor.WasTerminated);
    }

    [Fact]
    public async Task One_that_answers_nobody_on_a_listener_is_told_to_go()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        scene.ProbeFinds = new TaskCompletionSource<IReadOnlyList<string>>();
        var successor = await OnProbationAsync(scene);
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HandoverPhase.Probation, scene.Upgrader.Phase);

        scene.ProbeFinds.SetResult(["It did not answer on 127.0.0.1:80."]);

        Assert.Equal(["It did not answer on 127.0.0.1:80."], (await scene.ReportAsync(UpgradeOutcome.RolledBack)).Reasons);
        Assert.True(successor.WasTerminated);
    }

    [Theory]
    [InlineData(0.5, 0.25)]
    [InlineData(2, 1)]
    [InlineData(60, 1)]
    public async Task One_is_asked_when_the_takeover_has_settled(double probation, double after)
    {
        await using var scene = await UpgradeScene.ServingAsync(new HandoverOptions { Probation = TimeSpan.FromSeconds(probation) });
        await OnProbationAsync(scene);
        await scene.FinishDrainAsync(); // Begins later than the probation.
        var takenOver = scene.Clock.GetUtcNow();

        scene.Clock.Advance(TimeSpan.FromSeconds(after));

        await scene.UntilAsync(() => scene.ProbedAt is not null, "the probe");
        Assert.Equal(TimeSpan.FromSeconds(after), scene.ProbedAt - takenOver);
    }

    [Fact]
    public async Task One_that_answers_late_is_proven_late()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        scene.ProbeFinds = new TaskCompletionSource<IReadOnlyList<string>>();
        await OnProbationAsync(scene);
        scene.Clock.Advance(TimeSpan.FromSeconds(2));

        scene.ProbeFinds.SetResult([]);
        await scene.InPhaseAsync(HandoverPhase.Draining);
        await scene.FinishDrainAsync();
    }

    [Fact]
    public async Task One_that_was_told_to_go_and_does_not_is_killed_at_its_deadline()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        scene.ProbeFinds.TrySetResult([]);
        var successor = await OnProbationAsync(scene);
        successor.Say(new ChannelMessage(ChannelMessage.Answers) { Figures = new TrafficFigures(100, 100, 0, 7) });
        await scene.ReportAsync(UpgradeOutcome.RolledBack);

        scene.Clock.Advance(TimeSpan.FromSeconds(35));
        await scene.UntilAsync(() => successor.WasKilled, "the kill");
    }

    [Fact]
    public async Task The_next_upgrade_need_not_wait_for_one_that_was_told_to_go()
    {
        await using var scene = await UpgradeScene.ServingAsync();
        var successor = await OnProbationAsync(scene);
        successor.Say(new ChannelMessage(ChannelMessage.Answers) { Figures = new TrafficFigures(100, 100, 0, 7) });
        await scene.ReportAsync(UpgradeOutcome.RolledBack);

        var next = await scene.LaunchAsync();
        Assert.Equal(3, next.Generation);
        successor.Die();
        next.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        Assert.False(next.WasTerminated);
    }

    private static async Task<FakeSuccessor> OnProbationAsync(UpgradeScene scene)
    {
        var successor = await scene.LaunchAsync();
        successor.BecomeReady();
        await scene.InPhaseAsync(HandoverPhase.Probation);
        return successor;
    }
}
