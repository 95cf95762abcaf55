using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Failures;

/// <summary>A predecessor that dies in the middle of the hand-over: the successor goes on alone.</summary>
public sealed class PredecessorTests
{
    private const string GoesOnWithout = "said nothing for 5 s after the ready message; this generation goes on without it";
    private const string GoesOnAlone = "died during the hand-over; this generation goes on alone";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_predecessor_that_is_killed_before_its_successor_is_ready()
    {
        await using var scene = await FailureScene.StartAsync();
        var gate = scene.Program.PointToHeldRelease();
        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGHUP);
        var successor = await scene.WaitForLaunchAsync();
        await scene.StopTrafficAsync();
        scene.Traffic.AssertNothingLost();

        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGKILL);
        await scene.Daemon.WaitForExitAsync(scene.Daemon.FirstPid);
        // Nobody accepts now, but the successor holds the listener: connections wait in its queue.
        var waiting = scene.ReplaceTrafficAsync();
        gate.Open();
        await waiting;

        await AssertAloneAsync(scene, successor);
    }

    [Fact]
    public async Task A_predecessor_that_is_killed_before_it_has_heard_that_its_successor_is_ready()
    {
        await using var scene = await FailureScene.StartAsync();
        var gate = scene.Program.PointToHeldRelease();
        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGHUP);
        var successor = await scene.WaitForLaunchAsync();
        await scene.StopTrafficAsync();
        scene.Traffic.AssertNothingLost();

        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGSTOP);
        gate.Open();
        await scene.Daemon.WaitForLogAsync($"generation 2, pid {successor}"); // The banner: it is prepared.
        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGKILL);
        await scene.ReplaceTrafficAsync();

        await AssertAloneAsync(scene, successor);
    }

    [Fact]
    public async Task A_predecessor_that_is_killed_after_the_takeover()
    {
        await using var scene = await FailureScene.StartAsync(config => config.Baton("Probation", "00:00:06"));
        var successor = await scene.Daemon.UpgradeAsync();
        await scene.StopTrafficAsync();
        scene.Traffic.AssertNothingLost();
        await scene.ReplaceTrafficAsync(); // All of it with the successor.

        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGKILL);

        await AssertAloneAsync(scene, successor.Pid);
    }

    [Fact]
    public async Task A_predecessor_that_is_stuck()
    {
        await using var scene = await FailureScene.StartAsync();
        var gate = scene.Program.PointToHeldRelease();
        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGHUP);
        var successor = await scene.WaitForLaunchAsync();
        await scene.StopTrafficAsync();

        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGSTOP);
        await scene.Daemon.WaitAsync(() => ProcessState.Read(scene.Daemon.FirstPid) is { IsStopped: true }, "stop");
        var waiting = scene.ReplaceTrafficAsync();
        gate.Open();
        await waiting; // Only the successor can have answered.
        await scene.Daemon.WaitForLogAsync(GoesOnWithout);
        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGCONT);

        await AssertAloneAsync(scene, successor, GoesOnWithout);
        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
    }

    private static async Task AssertAloneAsync(FailureScene scene, int successor, string warning = GoesOnAlone)
    {
        await scene.Daemon.WaitForLogAsync(warning);
        Assert.Equal(successor, (await scene.Daemon.WaitForOneProcessAsync()).Pid);
        await scene.Traffic.WaitForAnswersAsync(20, cancellationToken: Token);
        scene.Program.PointToRelease();
        var third = await scene.Daemon.UpgradeAsync();

        Assert.Equal(3, third.Number);
        await scene.Traffic.WaitForAnswersAsync(20, cancellationToken: Token);
        await scene.StopTrafficAsync();
        scene.Traffic.AssertNothingLost();
        Assert.Equal(third.Pid, (await scene.Daemon.WaitForOneProcessAsync(TimeSpan.FromSeconds(60))).Pid);
        scene.Daemon.AssertNoUnexpectedWarnings(warning);
    }
}
