using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Baton.Tests.Health;
using Xunit;

namespace Baton.Tests.Failures;

/// <summary>SIGTERM, alone and in the middle of a hand-over: all ends well.</summary>
public sealed class TerminationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Signo.SIGTERM)]
    [InlineData(Signo.SIGINT)]
    public async Task With_requests_in_flight_it_finishes_them(Signo signo)
    {
        await using var scene = await FailureScene.StartAsync();
        await scene.StopTrafficAsync();
        await using var slow = await SlowAsync(scene, 5);

        scene.Daemon.Signal(scene.Daemon.FirstPid, signo);

        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        await AssertAnsweredAsync(slow, 5);
        await scene.Daemon.WaitForLogAsync("Generation 1 ends: drained in ");
        AssertNobodyLeft(scene);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Theory]
    [InlineData(Signo.SIGTERM, Signo.SIGTERM, 143)]
    [InlineData(Signo.SIGTERM, Signo.SIGINT, 130)]
    public async Task A_second_one_ends_it_at_once(Signo first, Signo second, int exitCode)
    {
        await using var scene = await FailureScene.StartAsync();
        await scene.StopTrafficAsync();
        await using var slow = await SlowAsync(scene, 2, milliseconds: 25_000);
        scene.Daemon.Signal(scene.Daemon.FirstPid, first);
        await scene.Daemon.WaitForLogAsync("End asked for");

        scene.Daemon.Signal(scene.Daemon.FirstPid, second);

        Assert.Equal(exitCode, await scene.Daemon.FirstExitCodeAsync(TimeSpan.FromSeconds(10)));
        AssertNobodyLeft(scene);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap '' TERM")]
    public async Task To_the_old_one_while_a_successor_prepares_ends_both(string deaf)
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToScript($"{deaf}\nexec {{never}}<> <(:); read -r _ <&$never");
        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGHUP);
        await EndBothAsync(scene, await scene.WaitForLaunchAsync());
    }

    [Fact]
    public async Task To_the_old_one_while_a_real_successor_prepares_ends_both()
    {
        await using var silent = new SilentServer();
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToReleaseWith(silent.SlowStart);
        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGHUP);
        var successor = await scene.WaitForLaunchAsync();
        await scene.Daemon.WaitAsync(() => Limits.ListensToSignals(successor), "install its handler");
        await EndBothAsync(scene, successor);
    }

    [Theory]
    [InlineData("00:00:05", "Probation")]
    [InlineData("00:00:00", "Draining")]
    public async Task To_the_old_one_during_its_drain_leaves_the_successor(string probation, string phase)
    {
        await using var scene = await FailureScene.StartAsync(config => config.Baton("Probation", probation));
        await using var slow = await SlowAsync(scene, 5, milliseconds: 4000);
        var second = await scene.Daemon.UpgradeAsync();
        await scene.Traffic.WaitForAnswersAsync(5, cancellationToken: Token);

        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGTERM);

        await scene.Daemon.WaitForLogAsync($"End asked for by SIGTERM while {phase}");
        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        await AssertAnsweredAsync(slow, 5);
        Assert.Equal(second.Pid, (await scene.Daemon.WaitForOneProcessAsync()).Pid);
        Assert.Equal(3, (await scene.Daemon.UpgradeAsync()).Number);
        await scene.Daemon.WaitForExitAsync(second.Pid);
        await scene.StopTrafficAsync();
        scene.Traffic.AssertNothingLost();
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Theory]
    [InlineData(true, "ended before it was ready")]
    [InlineData(false, "It was asked to end by SIGTERM before it was ready.")]
    public async Task To_the_successor_before_it_is_ready_leaves_the_old_one(bool held, string reason)
    {
        await using var silent = new SilentServer();
        await using var scene = await FailureScene.StartAsync();
        if (held)
            scene.Program.PointToHeldRelease();
        else
            scene.Program.PointToReleaseWith(silent.SlowStart);
        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGHUP);
        var successor = await scene.WaitForLaunchAsync();
        if (!held)
            await scene.Daemon.WaitAsync(() => Limits.ListensToSignals(successor), "install its handler");

        scene.Daemon.Signal(successor, Signo.SIGTERM);

        await scene.Daemon.WaitAsync(() => scene.Errors.Count > 0, "say that the upgrade failed");
        FailureScene.AssertSays(scene.Errors[0], reason);
        await scene.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task To_the_successor_right_after_the_takeover_ends_both()
    {
        await using var scene = await FailureScene.StartAsync(config => config.Baton("Probation", "00:00:20"));
        var exitCode = Path.Combine(scene.Program.Root, "exit-code");
        // It runs below the script, which says how it ended, and which must not keep the pipe and the channel open.
        scene.Program.PointToScript($"({scene.Program.Exec}) &\nexec 3>&- 4>&- 5>&-\nwait $!; echo $? > \"{exitCode}\"");
        await using var before = await SlowAsync(scene, 5);
        var second = await scene.Daemon.UpgradeAsync();
        await using var after = await SlowAsync(scene, 5);
        await scene.StopTrafficAsync();

        scene.Daemon.Signal(second.Pid, Signo.SIGTERM);

        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        await scene.Daemon.WaitForExitAsync(second.Pid);
        await scene.Daemon.WaitAsync(() => File.Exists(exitCode) && File.ReadAllText(exitCode) == "0\n", "end with exit code 0");
        await AssertAnsweredAsync(before, 5);
        await AssertAnsweredAsync(after, 5);
        scene.Traffic.AssertNothingLost();
        AssertNobodyLeft(scene);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    private static async Task EndBothAsync(FailureScene scene, int successor)
    {
        await scene.StopTrafficAsync();
        await using var slow = await SlowAsync(scene, 5);

        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGTERM);

        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        await scene.Daemon.WaitForExitAsync(successor);
        await AssertAnsweredAsync(slow, 5);
        scene.Traffic.AssertNothingLost();
        AssertNobodyLeft(scene);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    /// <summary>Requests that have reached the backend and are answered once each, after the time.</summary>
    private static async Task<Traffic> SlowAsync(FailureScene scene, int count, int milliseconds = 2000)
    {
        var before = scene.Backend.InFlight;
        var slow = new Traffic(TimeSpan.FromMinutes(1), scene.Backend).Add(new InFlightClient(scene.Daemon.Port, count, milliseconds));
        await slow.StartAsync(Token);
        await scene.Backend.WaitForInFlightAsync(Math.Max(before, count), Token);
        _ = slow.StopAsync(Token);
        return slow;
    }

    private static async Task AssertAnsweredAsync(Traffic slow, int count)
    {
        await slow.StopAsync(Token);
        slow.AssertNothingLost();
        Assert.Equal(count, Assert.Single(slow.Reports).Answered);
    }

    private static void AssertNobodyLeft(FailureScene scene) => Assert.Empty(scene.Daemon.LiveProcesses());
}
