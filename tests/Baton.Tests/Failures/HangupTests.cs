using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Failures;

/// <summary>SIGHUP when it is inconvenient: none is lost, none kills, none starts one upgrade too many.</summary>
public sealed class HangupTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_in_a_second_make_two_upgrades()
    {
        // The probation is longer than the second, so that all of them meet the first upgrade.
        await using var scene = await FailureScene.StartAsync(config => config.Baton("Probation", "00:00:05"));
        var first = ProcessState.Read(scene.Daemon.FirstPid)!;
        for (var sent = 0; sent < 20; sent++)
        {
            Assert.True(first.Send(Signo.SIGHUP));
            await Task.Delay(Pause, Token); // The rate is what is tested.
        }

        var third = await scene.Daemon.WaitForGenerationAsync(3);
        await AssertOnlyAsync(scene, third);
    }

    [Theory]
    [InlineData("00:00:10", "Probation")]
    [InlineData("00:00:00", "Draining")]
    public async Task One_to_the_old_generation_that_drains_goes_to_the_new_one(string probation, string phase)
    {
        await using var scene = await FailureScene.StartAsync(config => config.Baton("Probation", probation).Baton("DrainTimeout", "00:02:00"));
        var held = await scene.BeginHeldAsync("held");
        await scene.Daemon.UpgradeAsync();
        await scene.Traffic.WaitForAnswersAsync(5, cancellationToken: Token);
        await scene.WaitForPhaseAsync(phase);

        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGHUP);

        await scene.Daemon.WaitForLogAsync($"Upgrade asked for by SIGHUP while {phase}");
        var third = await scene.Daemon.WaitForGenerationAsync(3);
        scene.Backend.Held.Open();
        Assert.Equal("held", await held);
        await AssertOnlyAsync(scene, third);
    }

    [Fact]
    public async Task One_to_the_old_generation_that_drains_is_not_lost_when_the_next_one_is_gone_too()
    {
        await using var scene = await FailureScene.StartAsync(config => config.Baton("Probation", "00:00:00").Baton("DrainTimeout", "00:02:00"));
        var held = await scene.BeginHeldAsync("held");
        var second = await scene.Daemon.UpgradeAsync();
        await scene.Daemon.UpgradeAsync();
        await scene.Daemon.WaitForExitAsync(second.Pid);

        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGHUP);

        var fourth = await scene.Daemon.WaitForGenerationAsync(4);
        scene.Backend.Held.Open();
        Assert.Equal("held", await held);
        await AssertOnlyAsync(scene, fourth);
    }

    [Fact]
    public async Task One_to_the_new_generation_before_its_first_instruction_waits()
    {
        await using var scene = await FailureScene.StartAsync();
        var gate = scene.Program.PointToHeldRelease();
        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGHUP);
        var successor = await scene.WaitForLiveLaunchAsync();

        scene.Daemon.Signal(successor, Signo.SIGHUP);
        await scene.Program.ReleaseAsync(gate);

        Assert.Equal(successor, (await scene.Daemon.WaitForGenerationAsync(2)).Pid);
        await AssertOnlyAsync(scene, await scene.Daemon.WaitForGenerationAsync(3));
    }

    [Fact]
    public async Task Many_to_the_new_generation_while_it_starts_wait()
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGHUP);
        var successor = await scene.WaitForLaunchAsync();
        var process = ProcessState.Read(successor)!;
        while (scene.Daemon.Log.Generations.Count < 2)
        {
            Assert.True(process.Send(Signo.SIGHUP), $"The successor died:{Environment.NewLine}{scene.Daemon.Log}");
            await Task.Delay(Pause / 10, Token);
        }

        Assert.Equal(successor, scene.Daemon.Log.Generations[1].Pid);
        await AssertOnlyAsync(scene, await scene.Daemon.WaitForGenerationAsync(3));
    }

    [Fact]
    public async Task One_under_nohup_works()
    {
        await using var scene = await FailureScene.StartAsync(start: program => new DaemonStart { Command = ["nohup", program.Command] });

        Assert.Equal(2, (await scene.Daemon.UpgradeAsync()).Number);
        Assert.Equal(3, (await scene.Daemon.UpgradeAsync()).Number);

        await AssertOnlyAsync(scene, scene.Daemon.Current);
    }

    [Fact]
    public async Task Many_from_the_first_moment_on_which_a_handler_exists()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = new ConfigBuilder().Listen().ForwardTo(backend.Address).Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:01");
        await using var daemon = DaemonProcess.Launch(config);
        await daemon.WaitAsync(() => Limits.ListensToSignals(daemon.FirstPid), "install its handlers");
        var hangups = HangUpUntilAsync(daemon, generation: 6);
        await daemon.WaitForGenerationAsync(1);
        await daemon.WaitAsync(() => daemon.Ports.Count > 0, "announce its port");
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend).Add(
            new KeepAliveClient(daemon.Port, 2, 5), new ConnectionPerRequestClient(daemon.Port));
        await traffic.StartAsync(Token);

        await hangups;

        await daemon.WaitAsync(() => daemon.LiveProcesses() is [var one] && daemon.LiveGenerations() is [var last] && last.Pid == one.Pid, "be down to one generation that serves");
        await traffic.WaitForAnswersAsync(5, cancellationToken: Token);
        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        daemon.AssertNoUnexpectedWarnings();
    }

    // To whatever lives and can take it: the old one, the new one, the one that starts.
    private static async Task HangUpUntilAsync(DaemonProcess daemon, int generation)
    {
        while (daemon.Log.Generations.Count < generation)
        {
            var live = daemon.LiveProcesses();
            Assert.True(live.Count > 0, $"Nobody lives:{Environment.NewLine}{daemon.Log}");
            foreach (var process in live.Where(process => Limits.ListensToSignals(process.Pid)))
                process.Send(Signo.SIGHUP);
            await Task.Delay(Pause / 5, Token);
        }
    }

    private static async Task AssertOnlyAsync(FailureScene scene, Generation last)
    {
        Assert.Equal(last.Pid, (await scene.Daemon.WaitForOneProcessAsync()).Pid);
        await scene.Traffic.WaitForAnswersAsync(5, cancellationToken: Token);
        await scene.StopTrafficAsync();
        scene.Traffic.AssertNothingLost();
        Assert.Equal(last, scene.Daemon.Log.Generations[^1]);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }
}
