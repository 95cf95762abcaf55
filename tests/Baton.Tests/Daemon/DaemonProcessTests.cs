using Xunit;
using Xunit.Sdk;

namespace Baton.Tests.Daemon;

/// <summary>The harness itself, with a shell script in the daemon's place that says the same words and obeys the same signals.</summary>
public sealed class DaemonProcessTests
{
    // It waits in a read, since a sleep would be a process more; the fifo is open for writing, too, so that it never ends,
    // and the read ends after a moment, since a signal just before it does not interrupt it.
    // ( … & ) leaves the successor to init, as the daemon's intermediate process does.
    private const string StandIn = """
        number=$1
        trap '( /bin/bash "$0" $((number + 1)) & ); exit 0' HUP
        trap 'exit 0' TERM
        [ -p fifo ] || mkfifo fifo
        exec 3<>fifo
        echo "  listening on  http://127.0.0.1:12345"
        echo "[01:02:03.004 INF] Baton: Generation $number (pid $$, version 1.2.3) is ready"
        while :; do read -r -t 0.05 line <&3; done
        """;

    [Fact]
    public async Task Upgrade_StandIn_IsFollowedFromGenerationToGeneration()
    {
        await using var script = new Script(StandIn);
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder(), script.Start);
        Assert.Equal(12345, daemon.Port);
        Assert.Equal(daemon.FirstPid, daemon.Current.Pid);

        var second = await daemon.UpgradeAsync();
        var third = await daemon.UpgradeAsync();

        Assert.Equal([2, 3], [second.Number, third.Number]);
        Assert.Equal("1.2.3", third.Version);
        Assert.Equal(0, await daemon.FirstExitCodeAsync());
        await daemon.WaitForExitAsync(second.Pid);
        Assert.Equal(third.Pid, (await daemon.WaitForOneProcessAsync()).Pid);
        Assert.Equal(third, daemon.Current);
        Assert.Equal(third, Assert.Single(daemon.LiveGenerations()));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Dispose_GenerationThatIgnoresSigterm_IsKilled()
    {
        int pid;
        await using var script = new Script(StandIn.Replace("'exit 0' TERM", "'' TERM", StringComparison.Ordinal));
        await using (var daemon = await DaemonProcess.StartAsync(new ConfigBuilder(), script.Start with { Patience = TimeSpan.FromMilliseconds(200) }))
        {
            pid = (await daemon.UpgradeAsync()).Pid;
        }

        Assert.True(ProcessState.Read(pid) is null or { Exited: true });
    }

    [Fact]
    public async Task Start_DaemonThatEnds_FailsAtOnceWithItsOutput()
    {
        await using var script = new Script("echo the reason >&2; exit 7");

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => DaemonProcess.StartAsync(new ConfigBuilder(), script.Start));

        Assert.Contains("The daemon ended before it could have generation 1 ready", fault.Message, StringComparison.Ordinal);
        Assert.Contains("the reason", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signal_ProcessOfSomebodyElse_IsNotSent()
    {
        await using var script = new Script(StandIn);
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder(), script.Start);

        Assert.Throws<InvalidOperationException>(() => daemon.Signal(Environment.ProcessId, Signo.SIGKILL));
    }

    [Theory]
    [InlineData("[01:02:03.004 WRN] Baton: a warning", true)]
    [InlineData("[01:02:03.004 FTL] Baton: a warning", true)]
    [InlineData("Unhandled exception. System.Exception: a warning", true)]
    [InlineData("[01:02:03.004 INF] Baton: not a warning", false)]
    public async Task Warnings_NotAnnounced_Fail(string line, bool warns)
    {
        await using var script = new Script($"echo '{line}'\n{StandIn}");
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder(), script.Start);

        if (warns)
            Assert.Contains(line, Assert.Throws<FailException>(() => daemon.AssertNoUnexpectedWarnings("another")).Message, StringComparison.Ordinal);
        daemon.AssertNoUnexpectedWarnings("a warning");
    }

    [Fact]
    public void State_OfThisProcess_IsRead()
    {
        var state = ProcessState.Read(Environment.ProcessId);

        Assert.NotNull(state);
        Assert.False(state.Exited);
        Assert.InRange(state.Threads, 2, 1000);
        Assert.InRange(state.ResidentBytes, 1_000_000, 10_000_000_000);
        Assert.Null(ProcessState.Read(int.MaxValue));
    }

    [Fact]
    public void Command_OfTheBuiltDaemon_Exists() => Assert.All(DaemonExecutable.Command.Where(Path.IsPathRooted), path => Assert.True(File.Exists(path)));

    /// <summary>A shell script in a directory of its own.</summary>
    private sealed class Script : IAsyncDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("baton-test-script-");

        public Script(string text)
        {
            var file = Path.Combine(_directory.FullName, "daemon.sh");
            File.WriteAllText(file, text.ReplaceLineEndings("\n"));
            Start = new DaemonStart { Command = ["/bin/bash", file], Arguments = ["1"] };
        }

        public DaemonStart Start { get; }

        public ValueTask DisposeAsync()
        {
            _directory.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
