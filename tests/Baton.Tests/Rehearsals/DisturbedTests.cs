using System.Net.Sockets;
using Baton.Tests.Admin;
using Baton.Tests.Backends;
using Baton.Tests.Constant;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Rehearsals;

/// <summary>What comes between while an upgrade is rehearsed, and programs that do not do their part.</summary>
public sealed class DisturbedTests
{
    private const string Asked = "Rehearsal of an upgrade asked for";

    // What a build gets that knows no rehearsals: it reads over what it does not know.
    private const string OlderBuild = """export BATON_HANDOVER="${BATON_HANDOVER/,\"rehearsal\":true/}" """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sighup_meanwhile_is_an_upgrade_afterwards()
    {
        using var program = new InstalledProgram();
        await using var daemon = await StartAsync(program);
        var gate = program.PointToHeldRelease();
        var run = BatonCommand.UpgradeAsync(daemon, "--dry-run");
        await daemon.WaitForLogAsync("Launched generation 2");
        for (var hangup = 0; hangup < 5; hangup++)
            daemon.Signal(daemon.FirstPid, Signo.SIGHUP);
        await daemon.WaitForLogAsync("Upgrade asked for by SIGHUP while Launching");
        await program.ReleaseAsync(gate);

        Assert.True((await run).ExitCode == 0, (await run).ToString());
        Assert.Equal(2, (await daemon.WaitForGenerationAsync(2)).Number);
        var left = await daemon.WaitForOneProcessAsync();
        Assert.Equal(daemon.Current.Pid, left.Pid);
        Assert.Equal(2, daemon.Log.Generations.Count);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task An_upgrade_or_another_rehearsal_meanwhile_is_refused_and_an_upgrade_waits_for_its_own_report()
    {
        using var program = new InstalledProgram();
        await using var daemon = await StartAsync(program);
        using var admin = new AdminRequests(daemon.AdminSocket);
        var gate = program.PointToHeldRelease();
        var first = BatonCommand.UpgradeAsync(daemon, "--dry-run");
        await daemon.WaitForLogAsync("Launched generation 2");

        var second = await BatonCommand.UpgradeAsync(daemon, "--dry-run");
        var upgrade = BatonCommand.UpgradeAsync(daemon);
        await daemon.WaitForLogAsync("Upgrade asked for by the admin socket while Launching");
        Assert.True((await admin.StatusAsync(Token)).GetProperty("isRehearsing").GetBoolean());
        await program.ReleaseAsync(gate);

        Assert.True(second.ExitCode == 1 && second.Errors.Contains("baton: An upgrade is being rehearsed (pid ", StringComparison.Ordinal), second.ToString());
        Assert.True((await first).ExitCode == 0, (await first).ToString());
        Assert.True((await upgrade).ExitCode == 0, (await upgrade).ToString());
        Assert.Contains("Upgrade completed: generation 1 ", (await upgrade).Output, StringComparison.Ordinal);
        Assert.Equal(2, daemon.Current.Number);
    }

    [Fact]
    public async Task Sigterm_meanwhile_ends_both_and_the_answer_says_so()
    {
        using var program = new InstalledProgram();
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await StartAsync(program, backend.Address);
        program.PointToHeldRelease(); // It is never opened: the successor has to be killed.
        using var client = new HttpClient();
        var slow = client.GetStringAsync(new Uri($"http://127.0.0.1:{daemon.Port}/slow?ms=1500&id=slow"), Token);
        await backend.WaitForInFlightAsync(1, Token);
        var run = BatonCommand.UpgradeAsync(daemon, "--dry-run");
        await daemon.WaitForLogAsync("Launched generation 2");

        daemon.Signal(daemon.FirstPid, Signo.SIGTERM);

        Assert.True((await run).ExitCode == 1 && (await run).Errors.Contains("asked to end by SIGTERM", StringComparison.Ordinal), (await run).ToString());
        Assert.Equal("slow", await slow);
        Assert.Equal(0, await daemon.FirstExitCodeAsync());
        await daemon.WaitAsync(() => daemon.LiveProcesses().Count == 0, "end altogether");
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task The_predecessor_is_killed_meanwhile_and_what_was_rehearsed_does_not_serve()
    {
        using var program = new InstalledProgram();
        await using var daemon = await StartAsync(program);
        var (port, gate) = (daemon.Port, program.PointToHeldRelease());
        var run = BatonCommand.UpgradeAsync(daemon, "--dry-run");
        var successor = DaemonLogPatterns.LaunchedPid(await daemon.WaitForLogAsync("Launched generation 2"));
        daemon.Signal(daemon.FirstPid, Signo.SIGKILL);
        await daemon.WaitForExitAsync(daemon.FirstPid);
        gate.Open();

        await daemon.WaitForExitAsync(successor);
        Assert.Equal(1, (await run).ExitCode);
        Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(() => Page.GetAsync(port, Token))).SocketErrorCode);
        Assert.Single(daemon.Log.Generations);
        await daemon.WaitForLogAsync("died during the rehearsal, so this process ends, too");
    }

    [Fact]
    public async Task An_older_build_ends_too_without_accepting()
    {
        using var program = new InstalledProgram();
        await using var daemon = await StartAsync(program);
        program.PointToReleaseAfter(OlderBuild);

        var run = await BatonCommand.UpgradeAsync(daemon, "--dry-run");

        Assert.True(run.ExitCode == 0, run.ToString());
        await daemon.WaitForLogAsync("generation 2, pid"); // Its banner: it knew nothing.
        Assert.Equal(daemon.FirstPid, (await daemon.WaitForOneProcessAsync()).Pid);
        Assert.Single(daemon.Log.Generations);
        Assert.Equal(1, await Page.GenerationAsync(daemon.Port, Token));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task What_a_script_leaves_behind_that_keeps_the_ready_pipe_ends_by_itself()
    {
        using var program = new InstalledProgram();
        await using var daemon = await StartAsync(program, configure: config => config.Baton("ReadyTimeout", "00:00:05"));
        program.PointToScript($"\"{program.Release}/baton\" \"$@\"");

        var run = await BatonCommand.UpgradeAsync(daemon, "--dry-run");

        Assert.True(run.ExitCode == 1 && run.Errors.Contains("was not ready after 5 s", StringComparison.Ordinal), run.ToString());
        Assert.Equal(daemon.FirstPid, (await daemon.WaitForOneProcessAsync()).Pid);
        Assert.Single(daemon.Log.Generations);
        daemon.AssertNoUnexpectedWarnings("Rehearsal: the upgrade to generation 2", "The preparation "); // Four seconds may be too short for one.
    }

    [Fact]
    public async Task A_successor_that_hangs_is_killed_and_the_reason_is_the_same()
    {
        using var program = new InstalledProgram();
        await using var daemon = await StartAsync(program, configure: config => config.Baton("ReadyTimeout", "00:00:05"));
        program.PointToScript("trap '' TERM HUP INT QUIT\nexec {never}<> <(:); read -r _ <&$never");

        var run = await BatonCommand.UpgradeAsync(daemon, "--dry-run");

        Assert.True(run.ExitCode == 1 && run.Errors.Contains("was not ready after 5 s and was told to end", StringComparison.Ordinal), run.ToString());
        Assert.Equal(daemon.FirstPid, (await daemon.WaitForOneProcessAsync()).Pid);
        daemon.AssertNoUnexpectedWarnings("Rehearsal: the upgrade to generation 2");
    }

    [Fact]
    public async Task Behind_a_constant_process_the_main_generation_stays_the_main_one()
    {
        await using var scene = await ConstantScene.StartAsync();
        var run = await BatonCommand.UpgradeAsync(scene.Daemon, "--dry-run");
        await scene.WaitForOneGenerationAsync();
        Assert.True(run.ExitCode == 0, run.ToString());

        Assert.Equal(2, (await scene.UpgradeAsync()).Number); // The signal goes to the constant process, which knows whom to ask.
        scene.Daemon.Signal(scene.Constant, Signo.SIGTERM);
        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task After_its_timeout_the_rehearsal_goes_on_to_its_end()
    {
        using var program = new InstalledProgram();
        await using var daemon = await StartAsync(program);
        var gate = program.PointToHeldRelease();
        var run = await BatonCommand.UpgradeAsync(daemon, "--dry-run", "--timeout", "5");
        gate.Open();

        Assert.True(run.ExitCode == 3 && run.Errors.Contains("the rehearsal was not over after 5 s", StringComparison.Ordinal), run.ToString());
        await daemon.WaitForLogAsync("Rehearsal: generation 1");
        Assert.Equal(daemon.FirstPid, (await daemon.WaitForOneProcessAsync()).Pid);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task What_is_neither_true_nor_false_is_refused_and_false_is_an_upgrade()
    {
        using var program = new InstalledProgram();
        await using var daemon = await StartAsync(program);
        using var admin = new AdminRequests(daemon.AdminSocket);

        var (code, body) = await admin.SendAsync(HttpMethod.Post, "/upgrade?dryRun=perhaps", Token);
        Assert.Equal(400, code);
        Assert.Contains("perhaps", body, StringComparison.Ordinal);
        Assert.DoesNotContain(daemon.Log.Lines, line => line.Contains("asked for", StringComparison.Ordinal));

        Assert.Equal(202, (await admin.SendAsync(HttpMethod.Post, "/upgrade?dryRun=false", Token)).Code);
        await daemon.WaitForGenerationAsync(2);
        Assert.DoesNotContain(daemon.Log.Lines, line => line.Contains(Asked, StringComparison.Ordinal));
    }

    private static Task<DaemonProcess> StartAsync(InstalledProgram program, string? destination = null, Action<ConfigBuilder>? configure = null)
    {
        var config = new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200");
        if (destination is not null)
            config.ForwardTo(destination);
        configure?.Invoke(config);
        return DaemonProcess.StartAsync(config, new DaemonStart { Command = [program.Command] });
    }
}
