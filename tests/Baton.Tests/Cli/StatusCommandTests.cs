using System.Diagnostics;
using System.Text.Json;
using Baton.Tests.Admin;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Cli;

/// <summary><c>baton status</c>, with the real daemon.</summary>
public sealed class StatusCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_shows_the_daemon_of_a_configuration()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen());

        var run = await BatonCommand.RunAsync(daemon, "status", "--timeout", "60", "--config", daemon.ConfigFile);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("", run.Errors);
        Assert.StartsWith($"baton {daemon.Current.Version}: generation 1 (pid {daemon.FirstPid}) runs with {daemon.ConfigFile}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"  1  {daemon.FirstPid}  ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"LISTENER\nhttp://127.0.0.1:{daemon.Port}\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1", false)]
    public async Task At_a_terminal_it_has_colours_unless_NO_COLOR_is_set(string noColor, bool isColoured)
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen());
        var command = $"{string.Join(' ', DaemonExecutable.Command)} status --timeout 60 --socket {daemon.AdminSocket}";

        var run = await ProgramRun.OfAsync(["script", "--quiet", "--return", "--command", command, "/dev/null"], ("TERM", "xterm"), ("NO_COLOR", noColor));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("serving", run.Output, StringComparison.Ordinal);
        Assert.Equal(isColoured, run.Output.Contains("\u001b[32mserving\u001b[0m", StringComparison.Ordinal));
    }

    [Fact]
    public async Task As_JSON_it_is_what_the_daemon_has_said()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen());
        using var admin = new AdminRequests(daemon.AdminSocket);

        var run = await BatonCommand.RunAsync(null, "status", "--json", "--timeout", "60", "--socket", daemon.AdminSocket);

        Assert.True(run.ExitCode == 0, run.ToString());
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(
            (await admin.StatusAsync(Token)).EnumerateObject().Select(property => property.Name),
            document.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.StartsWith("{\n  \"generation\": 1,\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_daemon_it_says_so_to_standard_error()
    {
        var run = await BatonCommand.RunAsync(null, "status", "--socket", "/nowhere/none.sock");

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Equal("", run.Output);
        Assert.Contains("/nowhere/none.sock: there is no such socket", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watching_on_a_pipe_writes_a_block_a_second_and_ends_quietly_when_nobody_reads_any_more()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen());
        using var watch = Watch(daemon);
        var errors = watch.StandardError.ReadToEndAsync(Token);
        for (var blocks = 0; blocks < 2;)
        {
            var line = await watch.StandardOutput.ReadLineAsync(Token);
            Assert.NotNull(line);
            blocks += line.StartsWith("baton ", StringComparison.Ordinal) ? 1 : 0;
        }

        watch.StandardOutput.Close();
        await watch.WaitForExitAsync(Token);

        Assert.Equal((0, ""), (watch.ExitCode, await errors));
    }

    [Fact]
    public async Task Ctrl_C_ends_watching_with_0()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen());
        using var watch = Watch(daemon);
        Assert.StartsWith("baton ", await watch.StandardOutput.ReadLineAsync(Token), StringComparison.Ordinal);

        Assert.True(ProcessState.Read(watch.Id)!.Send(Signo.SIGINT));
        await watch.WaitForExitAsync(Token);

        Assert.Equal(0, watch.ExitCode);
    }

    private static Process Watch(DaemonProcess daemon) => BatonCommand.Start(daemon, "status", "--watch", "--timeout", "60");
}
