using Baton.Tests.Admin;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Constant;

/// <summary>The small process in front of the generations: what it forwards, reaps, follows and ends with.</summary>
public sealed class ConstantProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_stays_the_same_over_upgrades_and_ends_with_the_last_generation()
    {
        await using var scene = await ConstantScene.StartAsync();
        Assert.NotEqual(scene.Constant, scene.Daemon.Current.Pid);
        for (var upgrade = 0; upgrade < 3; upgrade++)
            Assert.Equal(scene.Constant, ProcessState.Read((await scene.UpgradeAsync()).Pid)!.ParentPid);
        Assert.Equal(4, scene.Daemon.Current.Number);
        var slow = await scene.BeginSlowAsync(1500);

        scene.Daemon.Signal(scene.Constant, Signo.SIGTERM);

        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        Assert.Equal("slow", await slow);
        await scene.NobodyIsLeftAsync();
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task It_is_small_after_the_start_and_after_upgrades()
    {
        await using var scene = await ConstantScene.StartAsync();
        long Resident() => ProcessState.Read(scene.Constant)!.ResidentBytes;
        await scene.Daemon.WaitAsync(() => Resident() <= ConstantScene.MostResident, "be small after its start", TimeSpan.FromSeconds(10));

        for (var upgrade = 0; upgrade < 3; upgrade++)
            await scene.UpgradeAsync();

        await scene.Daemon.WaitAsync(() => Resident() <= ConstantScene.MostResident, "be small after upgrades", TimeSpan.FromSeconds(10));
        TestContext.Current.SendDiagnosticMessage($"{Resident() / 1024} KiB resident");
    }

    [Theory]
    [InlineData("SIGTERM", "SIGTERM", 143)]
    [InlineData("SIGINT", "SIGINT", 130)]
    [InlineData("SIGQUIT", "SIGTERM", 143)]
    public async Task A_second_stop_ends_everything_at_once(string first, string second, int exitCode)
    {
        await using var scene = await ConstantScene.StartAsync();
        var slow = await scene.BeginSlowAsync(25_000);
        scene.Daemon.Signal(scene.Constant, Enum.Parse<Signo>(first));
        await scene.Daemon.WaitForLogAsync("End asked for");

        scene.Daemon.Signal(scene.Constant, Enum.Parse<Signo>(second));

        Assert.Equal(exitCode, await scene.Daemon.FirstExitCodeAsync(TimeSpan.FromSeconds(10)));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => slow);
        await scene.NobodyIsLeftAsync();
    }

    [Fact]
    public async Task A_stop_during_an_upgrade_ends_both_generations()
    {
        await using var scene = await ConstantScene.StartAsync(configure: config => config.Baton("Probation", "00:05:00"));
        var slow = await scene.BeginSlowAsync(2000);
        scene.Daemon.Signal(scene.Constant, Signo.SIGHUP);
        await scene.Daemon.WaitForGenerationAsync(2);

        scene.Daemon.Signal(scene.Constant, Signo.SIGTERM);

        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        Assert.Equal("slow", await slow);
        await scene.NobodyIsLeftAsync();
    }

    [Fact]
    public async Task A_generation_that_was_asked_to_end_while_it_drains_does_not_take_the_signals_of_its_successor()
    {
        await using var scene = await ConstantScene.StartAsync();
        var held = await scene.BeginHeldAsync();
        scene.Daemon.Signal(scene.Constant, Signo.SIGHUP);
        await scene.Daemon.WaitForGenerationAsync(2);
        using var admin = new AdminRequests(scene.Daemon.AdminSocket);
        await admin.WaitForStatusAsync(status => status.GetProperty("generation").GetInt32() == 2 && status.GetProperty("isMain").GetBoolean(), Token);
        scene.Daemon.Signal(scene.Daemon.Log.Generations[0].Pid, Signo.SIGTERM);
        await scene.Daemon.WaitForLogAsync("End asked for");

        scene.Daemon.Signal(scene.Constant, Signo.SIGHUP);

        await scene.Daemon.WaitForGenerationAsync(3);
        scene.Backend.Held.Open();
        Assert.Equal("held", await held);
    }

    [Fact]
    public async Task The_exit_code_is_that_of_the_last_generation_even_if_it_becomes_it_while_it_ends()
    {
        await using var scene = await ConstantScene.StartAsync(configure: config => config.Baton("Probation", "00:05:00"));
        scene.Daemon.Signal(scene.Constant, Signo.SIGHUP);
        var second = await scene.Daemon.WaitForGenerationAsync(2);
        var held = await scene.BeginHeldAsync();
        scene.Daemon.Signal(scene.Daemon.Log.Generations[0].Pid, Signo.SIGSTOP); // It would be told that the second one ends, and end itself.
        scene.Daemon.Signal(second.Pid, Signo.SIGTERM);
        await scene.Daemon.WaitForLogAsync("End asked for");

        scene.Daemon.Signal(scene.Daemon.Log.Generations[0].Pid, Signo.SIGKILL);
        await scene.Daemon.WaitForLogAsync("died during the hand-over");
        scene.Backend.Held.Open();

        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        Assert.Equal("held", await held);
    }

    [Fact]
    public async Task A_generation_that_crashes_is_not_restarted_and_its_status_is_passed_on()
    {
        await using var scene = await ConstantScene.StartAsync();
        var second = await scene.UpgradeAsync();

        scene.Daemon.Signal(second.Pid, Signo.SIGKILL);

        Assert.Equal(137, await scene.Daemon.FirstExitCodeAsync());
        await scene.NobodyIsLeftAsync();
        Assert.Equal(2, scene.Daemon.Log.Generations.Count);
    }

    [Fact]
    public async Task After_a_rollback_it_follows_the_generation_that_resumed()
    {
        await using var scene = await ConstantScene.StartAsync(configure: config => config.Baton("Probation", "00:05:00"));
        scene.Daemon.Signal(scene.Constant, Signo.SIGHUP);
        var second = await scene.Daemon.WaitForGenerationAsync(2);
        scene.Daemon.Signal(second.Pid, Signo.SIGKILL);
        await scene.Daemon.WaitForLogAsync("RolledBack");

        Assert.Equal("back", await scene.GetAsync("/?id=back"));
        scene.Daemon.Signal(scene.Constant, Signo.SIGHUP);
        await scene.Daemon.WaitAsync(() => scene.Daemon.Log.Generations.Count == 3, "upgrade once more");

        Assert.Equal(1, scene.Daemon.LiveGenerations()[0].Number);
        Assert.Null(ProcessState.Read(second.Pid)); // Reaped.
    }

    [Fact]
    public async Task Killed_itself_it_leaves_the_generations_alone()
    {
        await using var scene = await ConstantScene.StartAsync();
        var second = await scene.UpgradeAsync();
        scene.Daemon.Signal(scene.Constant, Signo.SIGKILL);
        Assert.Equal(137, await scene.Daemon.FirstExitCodeAsync());

        Assert.Equal("on", await scene.GetAsync("/?id=on"));
        scene.Daemon.Signal(second.Pid, Signo.SIGHUP);
        var third = await scene.Daemon.WaitForGenerationAsync(3);
        await scene.Daemon.WaitForOneProcessAsync();
        Assert.Equal("still", await scene.GetAsync("/?id=still"));

        scene.Daemon.Signal(third.Pid, Signo.SIGTERM);
        await scene.Daemon.WaitForExitAsync(third.Pid);
        await scene.NobodyIsLeftAsync();
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task It_reaps_whoever_loses_its_parent_below_it()
    {
        using var program = new InstalledProgram();
        program.PointToReleaseAfter($"[ -n \"$BATON_HANDOVER\" ] && (sleep 3600 & echo $! > {program.Root}/orphan)");
        await using var scene = await ConstantScene.StartAsync(new DaemonStart { Command = [program.Command] });
        scene.Daemon.Signal(scene.Constant, Signo.SIGHUP);
        await scene.Daemon.WaitForGenerationAsync(2);
        var orphan = int.Parse(await File.ReadAllTextAsync(Path.Combine(program.Root, "orphan"), Token), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(scene.Constant, ProcessState.Read(orphan)!.ParentPid);

        scene.Daemon.Signal(orphan, Signo.SIGKILL);

        await scene.Daemon.WaitAsync(() => ProcessState.Read(orphan) is null, "reap the orphan");
        await scene.Daemon.WaitAsync(() => ProcessState.Read(scene.Daemon.Log.Generations[0].Pid) is null, "reap the generation that was replaced");
    }

    [Fact]
    public async Task SIGUSR1_reaches_the_generation()
    {
        await using var scene = await ConstantScene.StartAsync();
        scene.Daemon.Signal(scene.Constant, Signo.SIGUSR1);
        await scene.Daemon.WaitForLogAsync("opened anew");
    }

    [Fact]
    public async Task Under_nohup_SIGHUP_upgrades_all_the_same()
    {
        await using var scene = await ConstantScene.StartAsync(new DaemonStart { Command = ["nohup", .. DaemonExecutable.Command] });
        Assert.Equal(2, (await scene.UpgradeAsync()).Number);
    }

    [Theory]
    [InlineData(2, "run", "--init", "--confg", "x")]
    [InlineData(1, "run", "--init", "--config", "/there/is/none.json")]
    [InlineData(0, "run", "--init", "--help")]
    [InlineData(0, "version")]
    public async Task What_does_not_serve_ends_as_without_it(int exitCode, params string[] arguments)
    {
        var run = await BatonCommand.RunAsync(null, arguments);
        Assert.True(run.ExitCode == exitCode, run.ToString());
        Assert.NotEqual("", run.Output + run.Errors);
    }

    [Fact]
    public async Task Its_environment_does_not_reach_the_generations_after_the_first()
    {
        await using var scene = await ConstantScene.StartAsync();
        var second = await scene.UpgradeAsync();
        Assert.DoesNotContain("BATON_CONSTANT", await File.ReadAllTextAsync($"/proc/{second.Pid}/environ", Token), StringComparison.Ordinal);
    }
}
