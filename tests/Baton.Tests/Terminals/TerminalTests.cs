using System.Text.Json.Nodes;
using Baton.Tests.Admin;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Terminals;

/// <summary><c>baton run</c> in an interactive shell: it stays the shell's job, whichever generation serves.</summary>
public sealed class TerminalTests
{
    [Fact]
    public async Task Ctrl_C_after_upgrades_finishes_what_is_in_flight_and_the_shell_has_waited()
    {
        await using var shell = await ShellSession.ServeAsync("; echo \"<ended $?>\"");
        await shell.UpgradeAsync();
        await shell.UpgradeAsync();
        Assert.Equal(3, shell.Generations.Count);
        var slow = await shell.BeginSlowAsync(1500);

        await shell.TypeAsync(ShellSession.CtrlC);

        await shell.WaitForAsync("\n<ended 0>");
        Assert.Equal("slow", await slow);
        Assert.Empty(shell.DaemonPids());
    }

    [Fact]
    public async Task Without_a_sink_the_log_is_text_for_people_with_generation_and_pid()
    {
        await using var shell = await ShellSession.StartAsync();
        new ConfigBuilder().Listen().WriteTo(shell.ConfigFile);
        var text = JsonNode.Parse(await File.ReadAllTextAsync(shell.ConfigFile, TestContext.Current.CancellationToken))!.AsObject();
        text.Remove("Serilog");
        await File.WriteAllTextAsync(shell.ConfigFile, text.ToJsonString(), TestContext.Current.CancellationToken);
        await shell.TypeAsync("$BATON run --config $CONFIG\n");
        await shell.WaitForAsync("is ready");
        await shell.WaitUntilAsync(() => shell.Text.Contains("listening on", StringComparison.Ordinal), "announce its address");

        Assert.Matches(@"\n\d\d:\d\d:\d\d\.\d{3} INF g1/\d+ Generation 1 ", shell.Text);
    }

    [Theory]
    [InlineData(ShellSession.CtrlC, "130")]
    [InlineData(ShellSession.CtrlBackslash, "131")]
    public async Task Twice_ends_it_at_once(string key, string status)
    {
        await using var shell = await ShellSession.ServeAsync();
        await shell.UpgradeAsync();
        var slow = await shell.BeginSlowAsync(25_000);
        await shell.TypeAsync(key);
        await shell.WaitForAsync("End asked for");

        await shell.TypeAsync(key);

        await shell.WaitForAsync("ready> ");
        await shell.ExpectAsync("$?", status);
        Assert.Empty(shell.DaemonPids());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => slow);
    }

    [Fact]
    public async Task Job_control_stops_and_continues_all_of_it()
    {
        await using var shell = await ShellSession.ServeAsync();
        await shell.UpgradeAsync();

        await shell.TypeAsync(ShellSession.CtrlZ);
        await shell.WaitForAsync("Stopped");
        await shell.WaitUntilAsync(() => shell.DaemonPids() is { Count: 2 } all && all.All(process => process.IsStopped), "stop the generation too");

        await shell.TypeAsync("bg\n");
        Assert.Equal("bg", await shell.GetAsync("/?id=bg"));
        await shell.UpgradeAsync();
        await shell.TypeAsync("fg\n");
        await shell.WaitUntilAsync(() => ProcessState.Read(shell.Constant)!.IsInForeground, "give it the terminal back");
        Assert.Equal("fg", await shell.GetAsync("/?id=fg"));
        await shell.TypeAsync(ShellSession.CtrlZ);
        await shell.WaitForAsync("Stopped");
        await shell.TypeAsync("fg\n");
        Assert.Equal("fg2", await shell.GetAsync("/?id=fg2"));

        await shell.TypeAsync(ShellSession.CtrlC);
        await shell.WaitForAsync("ready> ");
        await shell.ExpectAsync("$?", "0");
        Assert.Empty(shell.DaemonPids());
    }

    [Fact]
    public async Task As_a_background_job_kill_and_wait_mean_it()
    {
        await using var shell = await ShellSession.ServeAsync("&");
        await shell.UpgradeAsync();
        await shell.ExpectAsync("$!", $"{shell.Constant}");
        var slow = await shell.BeginSlowAsync(1500);

        await shell.TypeAsync("kill %1; wait %1; echo \"<waited $?>\"\n");

        await shell.WaitForAsync("\n<waited 0>");
        Assert.Equal("slow", await slow);
        Assert.Empty(shell.DaemonPids());
    }

    [Fact]
    public async Task In_a_shell_whose_terminals_stop_background_output_it_serves_and_upgrades()
    {
        await using var shell = await ShellSession.StartAsync();
        await shell.TypeAsync("stty tostop\n$BATON run --config $CONFIG &\n");
        await shell.WaitUntilAsync(() => shell.DaemonPids().Count == 2, "start it");
        Assert.All(shell.DaemonPids(), process => Assert.False(process.IsStopped));
    }

    [Fact]
    public async Task A_terminal_that_is_closed_ends_it_gracefully()
    {
        await using var shell = await ShellSession.ServeAsync();
        await shell.UpgradeAsync();
        var slow = await shell.BeginSlowAsync(2000);

        shell.Close();

        Assert.Equal("slow", await slow);
        await shell.WaitUntilAsync(() => shell.DaemonPids().Count == 0, "end everything");
    }

    [Fact]
    public async Task A_terminal_that_is_closed_over_a_stopped_job_ends_it_too()
    {
        await using var shell = await ShellSession.ServeAsync();
        await shell.TypeAsync(ShellSession.CtrlZ);
        await shell.WaitForAsync("Stopped");

        shell.Close();

        await shell.WaitUntilAsync(() => shell.DaemonPids().Count == 0, "end everything");
    }

    [Fact]
    public async Task What_was_disowned_goes_on_without_its_terminal_and_its_log_does_no_harm()
    {
        await using var shell = await ShellSession.ServeAsync("& disown");
        var (constant, first) = (shell.Constant, shell.Generations[0]);
        shell.Close();
        await shell.WaitUntilAsync(() => shell.DaemonPids().Count == 2, "leave only the daemon");

        for (var upgrade = 0; upgrade < 2; upgrade++)
        {
            Assert.Equal("on", await shell.GetAsync("/?id=on"));
            var run = await BatonCommand.RunInAsync(new Dictionary<string, string?> { ["XDG_RUNTIME_DIR"] = shell.RuntimeDirectory }, "upgrade", "--config", shell.ConfigFile);
            Assert.True(run.ExitCode == 0, run.ToString());
        }

        Assert.Contains(shell.DaemonPids(), process => process.Pid == constant);
        Assert.DoesNotContain(shell.DaemonPids(), process => process.Pid == first);
        Assert.True(ProcessState.Read(constant)!.Send(Signo.SIGTERM));
        await shell.WaitUntilAsync(() => shell.DaemonPids().Count == 0, "end everything");
    }

    [Theory]
    [InlineData("version", "0", "baton ")]
    [InlineData("--help", "0", "Usage:")]
    [InlineData("run --help", "0", "--init")]
    [InlineData("run --confg x", "2", "baton run --help lists")]
    [InlineData("run --config /there/is/none.json", "1", "There is no such file")]
    public async Task Status_and_output_of_what_does_not_serve_are_its_own(string arguments, string status, string output)
    {
        await using var shell = await ShellSession.StartAsync();
        await shell.TypeAsync($"$BATON {arguments}; echo \"<$?>\"\n");
        await shell.WaitForAsync(output);
        await shell.WaitForAsync($"<{status}>");
        Assert.Empty(shell.DaemonPids());
    }
}
