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
        await using var held = await HoldAsync(scene, 5);

        scene.Daemon.Signal(scene.Daemon.FirstPid, signo);
        await scene.Daemon.WaitForLogAsync($"End asked for by {signo}");
        scene.Backend.Held.Open();

        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        await AssertAnsweredAsync(held, 5);
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
        await using var held = await HoldAsync(scene, 2);
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
        await using var held = await HoldAsync(scene, 5);
        var second = await scene.Daemon.UpgradeAsync();
        await scene.Traffic.WaitForAnswersAsync(5, cancellationToken: Token);
        await scene.WaitForPhaseAsync(phase);

        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGTERM);

        await scene.Daemon.WaitForLogAsync($"End asked for by SIGTERM while {phase}");
        scene.Backend.Held.Open();
        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        await AssertAnsweredAsync(held, 5);
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
        var successor = await scene.WaitForLiveLaunchAsync();
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
        await using var before = await HoldAsync(scene, 5);
        var second = await scene.Daemon.UpgradeAsync();
        await using var after = await HoldAsync(scene, 5);
        await scene.StopTrafficAsync();

        scene.Daemon.Signal(second.Pid, Signo.SIGTERM);
        await scene.Daemon.WaitForLogAsync("End asked for by SIGTERM");
        scene.Backend.Held.Open();

        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        await scene.Daemon.WaitForExitAsync(second.Pid);
        await scene.Daemon.WaitAsync(() => File.Exists(exitCode) && File.ReadAllText(exitCode) == "0\n", "end with exit code 0");
        await AssertAnsweredAsync(before, 5);
        await AssertAnsweredAsync(after, 5);
        scene.Traffic.AssertNothingLost();
        await scene.Daemon.WaitAsync(() => scene.Daemon.LiveProcesses().Count == 0, "end altogether"); // The script is the last.
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    private static async Task EndBothAsync(FailureScene scene, int successor)
    {
        await scene.StopTrafficAsync();
        await using var held = await HoldAsync(scene, 5);

        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGTERM);
        await scene.Daemon.WaitForLogAsync("End asked for by SIGTERM");
        scene.Backend.Held.Open();

        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        await scene.Daemon.WaitForExitAsync(successor);
        await AssertAnsweredAsync(held, 5);
        scene.Traffic.AssertNothingLost();
        AssertNobodyLeft(scene);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    /// <summary>Requests that have reached the backend and are answered once each, when <see cref="Backends.Backend.Held"/> is open.</summary>
    private static async Task<Traffic> HoldAsync(FailureScene scene, int count)
    {
        var client = new InFlightClient(scene.Daemon.Port, count, milliseconds: null);
        var held = new Traffic(TimeSpan.FromMinutes(1), scene.Backend).Add(client);
        await held.StartAsync(Token);
        await scene.Daemon.WaitAsync(() => scene.Backend.Received.Keys.Count(client.Made) == count, "pass the held requests on");
        _ = held.StopAsync(Token);
        return held;
    }

    private static async Task AssertAnsweredAsync(Traffic held, int count)
    {
        await held.StopAsync(Token);
        held.AssertNothingLost();
        Assert.Equal(count, Assert.Single(held.Reports).Answered);
    }

    private static void AssertNobodyLeft(FailureScene scene) => Assert.Empty(scene.Daemon.LiveProcesses());
}
