using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Failures;

/// <summary>A successor that dies after it has said that it is ready.</summary>
public sealed class ProbationTests
{
    // What a real one writes; the end of file makes the message whole.
    private const string SayReady = InstalledProgram.ReadyPipe
        + "printf '{\"version\":1,\"pid\":%d,\"generation\":2,\"build\":\"9.9.9\"}' $$ >&$ready\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_successor_that_dies_between_ready_and_its_first_accept()
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToScript($"{SayReady}exit 1");

        var error = await scene.FailUpgradeAsync();

        // Whether the predecessor has told it to accept before it died is a matter of microseconds.
        Assert.Matches(": Failed after .* died before it took over|: RolledBack after .* died after it took over", error.ReplaceLineEndings(" "));
        await scene.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task A_successor_that_is_told_to_accept_and_dies_instead()
    {
        await using var scene = await FailureScene.StartAsync();
        // The channel is the descriptor after the pipe; it dies when the word of the takeover has come.
        scene.Program.PointToScript($"{SayReady}channel=$((ready + 1)); exec {{ready}}>&-\nread -r -N 1 _ <&$channel; kill -KILL $$");

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, "RolledBack");
        FailureScene.AssertSays(error, "died after it took over");
        await scene.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task A_successor_that_is_killed_during_its_probation()
    {
        await using var scene = await FailureScene.StartAsync(config => config.Baton("Probation", "00:00:06"));
        var second = await scene.Daemon.UpgradeAsync();
        await scene.Traffic.WaitForAnswersAsync(5, cancellationToken: Token);

        scene.Daemon.Signal(second.Pid, Signo.SIGKILL);
        await scene.Daemon.WaitAsync(() => scene.Errors.Count > 0, "say that the upgrade was rolled back");
        // The connections of the dead one are lost, and so is whatever it had taken out of the queue.
        await scene.ReplaceTrafficAsync();

        await scene.Traffic.WaitForAnswersAsync(50, cancellationToken: Token);
        FailureScene.AssertSays(scene.Errors[0], "RolledBack");
        FailureScene.AssertSays(scene.Errors[0], $"(pid {second.Pid}) died after it took over");
        await scene.AssertNothingHappenedAsync(() => { });
        Assert.Equal(3, scene.Daemon.Current.Number);
    }

    [Fact]
    public async Task Two_successors_in_a_row_that_are_killed_during_their_probation()
    {
        await using var scene = await FailureScene.StartAsync(config => config.Baton("Probation", "00:00:06"));
        for (var number = 2; number <= 3; number++)
        {
            var next = await scene.Daemon.UpgradeAsync();
            Assert.Equal(number, next.Number);
            scene.Daemon.Signal(next.Pid, Signo.SIGKILL);
            await scene.Daemon.WaitAsync(() => scene.Errors.Count == number - 1, "say that the upgrade was rolled back");
            await scene.ReplaceTrafficAsync();
            await scene.Traffic.WaitForAnswersAsync(20, cancellationToken: Token);
        }

        await scene.StopTrafficAsync();
        scene.Traffic.AssertNothingLost();
        Assert.Equal(scene.Daemon.FirstPid, (await scene.Daemon.WaitForOneProcessAsync()).Pid);
        await scene.AssertNothingLeakedAsync();
        scene.Daemon.AssertNoUnexpectedWarnings("RolledBack");
    }
}
