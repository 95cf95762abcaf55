using Baton.Tests.Admin;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Cli;

/// <summary>The exit code of <c>baton upgrade</c> for what may fail; the rows of the table in the library's README.</summary>
public sealed class UpgradeExitCodeTests : IDisposable
{
    // What a real one writes; the end of file makes the message whole.
    private const string SayReady = InstalledProgram.ReadyPipe + "printf '{\"version\":1,\"pid\":%d,\"generation\":2,\"build\":\"9.9.9\"}' $$ >&$ready\n";

    private readonly InstalledProgram _program = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task The_program_is_missing()
    {
        await using var daemon = await StartAsync();
        _program.PointTo(Path.Combine(_program.Root, "no-such-release"));

        AssertFailed(await BatonCommand.UpgradeAsync(daemon), "Upgrade failed", "No such file or directory");
    }

    [Fact]
    public async Task The_configuration_is_not_valid()
    {
        await using var daemon = await StartAsync();
        Config().Baton("DrainTimeOut2", "1").WriteTo(daemon.ConfigFile);

        AssertFailed(await BatonCommand.UpgradeAsync(daemon), "Upgrade failed", "Baton:DrainTimeOut2 is not known");
    }

    [Theory]
    [InlineData("exit 3", "Upgrade failed", "ended before it was ready")]
    [InlineData(InstalledProgram.ReadyPipe + "printf nonsense >&$ready", "Upgrade failed", "something other than a ready message")]
    [InlineData(SayReady + "exit 1", "Upgrade ", "died ")]
    public async Task The_successor_crashes_writes_garbage_or_dies_when_it_is_ready(string script, string outcome, string reason)
    {
        await using var daemon = await StartAsync();
        _program.PointToScript(script);

        AssertFailed(await BatonCommand.UpgradeAsync(daemon), outcome, reason);
    }

    [Fact]
    public async Task The_successor_hangs()
    {
        await using var daemon = await StartAsync("ReadyTimeout", "00:00:05");
        _program.PointToScript("exec {never}<> <(:); read -r _ <&$never");

        AssertFailed(await BatonCommand.UpgradeAsync(daemon), "Upgrade failed", "was not ready after 5 s");
    }

    [Fact]
    public async Task The_successor_dies_while_the_predecessor_lives()
    {
        await using var daemon = await StartAsync("Probation", "00:00:20");
        var upgrade = BatonCommand.UpgradeAsync(daemon);
        var second = await daemon.WaitForGenerationAsync(2);
        daemon.Signal(second.Pid, Signo.SIGKILL);

        AssertFailed(await upgrade, "Upgrade rolled back", "died after it took over");
    }

    [Fact]
    public async Task The_predecessor_dies()
    {
        await using var daemon = await StartAsync("Probation", "00:00:20");
        var upgrade = BatonCommand.UpgradeAsync(daemon);
        var second = await daemon.WaitForGenerationAsync(2);
        daemon.Signal(daemon.FirstPid, Signo.SIGKILL);

        AssertFailed(await upgrade, "taking over", $"(pid {daemon.FirstPid}) has left no report: it died, or hangs. Generation 2 (pid {second.Pid}, ");
    }

    [Fact]
    public async Task SIGTERM_while_the_successor_prepares()
    {
        await using var daemon = await StartAsync();
        var gate = _program.PointToHeldRelease();
        var upgrade = BatonCommand.UpgradeAsync(daemon);
        await daemon.WaitForLogAsync("Launched generation 2");
        daemon.Signal(daemon.FirstPid, Signo.SIGTERM);
        gate.Open();

        AssertFailed(await upgrade, "asked generation 1", "has not answered on ");
    }

    [Fact]
    public async Task It_is_interrupted_and_the_upgrade_goes_on()
    {
        await using var daemon = await StartAsync("Probation", "00:00:03");
        using var upgrade = BatonCommand.Start(daemon, "upgrade");
        await upgrade.StandardOutput.ReadLineAsync(Token);

        Assert.True(ProcessState.Read(upgrade.Id)!.Send(Signo.SIGINT));
        await upgrade.WaitForExitAsync(Token);

        Assert.Equal(130, upgrade.ExitCode);
        Assert.Contains("goes on", await upgrade.StandardError.ReadToEndAsync(Token), StringComparison.Ordinal);
        await daemon.WaitForLogAsync("Upgrade completed: generation 1");
    }

    private static void AssertFailed(BatonCommand run, string output, string reason)
    {
        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains(output, run.Output, StringComparison.Ordinal);
        Assert.Contains(reason, run.Errors, StringComparison.Ordinal);
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:01").Baton("IdleLinger", "00:00:00.200");

    private Task<DaemonProcess> StartAsync(string option = "Probation", string value = "00:00:01") =>
        DaemonProcess.StartAsync(Config().Baton(option, value), new DaemonStart { Command = [_program.Command] });
}
