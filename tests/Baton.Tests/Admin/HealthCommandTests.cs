using System.Collections.Concurrent;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Baton.Tests.Health;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary><c>baton health</c> and what it asks: alive as long as somebody answers, ready until the end is asked for.</summary>
public sealed class HealthCommandTests : IDisposable
{
    private readonly string _runtime = Directory.CreateTempSubdirectory("baton-runtime-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_runtime, recursive: true);

    [Fact]
    public async Task It_finds_the_daemon_by_its_configuration_or_its_socket()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        var alive = $"alive: generation 1 (pid {daemon.FirstPid}, version {daemon.Current.Version})\n";
        var ready = $"ready: generation 1 (pid {daemon.FirstPid}, version {daemon.Current.Version})\n";

        Assert.Equal(new BatonCommand(0, alive, ""), await HealthAsync(daemon, "--timeout", "60"));
        Assert.Equal(new BatonCommand(0, ready, ""), await HealthAsync(daemon, "--ready", "--timeout", "60"));
        Assert.Equal(new BatonCommand(0, ready, ""), await BatonCommand.RunAsync(null, "health", "--ready", "--timeout", "60", "--socket", daemon.AdminSocket));
    }

    [Fact]
    public async Task Its_answers_are_a_line_of_text_on_the_admin_socket()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        using var admin = new AdminRequests(daemon.AdminSocket);

        Assert.Equal((200, $"alive: generation 1 (pid {daemon.FirstPid}, version {daemon.Current.Version})\n"), await admin.SendAsync(HttpMethod.Get, "/healthz", Token));
        Assert.Equal((200, $"ready: generation 1 (pid {daemon.FirstPid}, version {daemon.Current.Version})\n"), await admin.SendAsync(HttpMethod.Get, "/readyz", Token));
        Assert.Equal(405, (await admin.SendAsync(HttpMethod.Post, "/readyz", Token)).Code);
        Assert.Equal((421, $"a daemon that runs with {daemon.ConfigFile}\n"), await admin.SendAsync(HttpMethod.Get, "/healthz?configuration=%2Fother.json", Token));
    }

    [Fact]
    public async Task It_is_ready_all_through_an_upgrade()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config().Baton("Probation", "00:00:01"));
        using var admin = new AdminRequests(daemon.AdminSocket);
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentQueue<string>();
        var asked = AskUntilAsync(admin, answers, stop.Token);

        for (var generation = 1; generation <= 4; generation++)
        {
            if (generation > 1)
                await daemon.UpgradeAsync();
            await daemon.WaitForOneProcessAsync();
            await daemon.WaitAsync(() => asked.IsCompleted || answers.Any(answer => answer.Contains($"generation {generation} ", StringComparison.Ordinal)), $"answer as generation {generation}");
        }

        await stop.CancelAsync();
        await asked;
        Assert.All(answers, answer => Assert.StartsWith("200 ready: ", answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task From_SIGTERM_on_it_is_alive_and_not_ready_while_it_still_accepts()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address).Baton("ShutdownDelay", "00:10:00"));
        using var client = new HttpClient();
        using var admin = new AdminRequests(daemon.AdminSocket);

        daemon.Signal(daemon.FirstPid, Signo.SIGTERM);
        await daemon.WaitForLogAsync("End asked for");
        await daemon.WaitAsync(() => admin.SendAsync(HttpMethod.Get, "/readyz", Token).Result.Code == 503, "be no longer ready");

        var ready = await HealthAsync(daemon, "--ready", "--timeout", "60");
        Assert.Equal(new BatonCommand(1, "", $"baton: not ready: generation 1 (pid {daemon.FirstPid}) was asked to end\n"), ready);
        Assert.Equal(0, (await HealthAsync(daemon, "--timeout", "60")).ExitCode);
        Assert.Equal("late", await client.GetStringAsync(new Uri($"http://127.0.0.1:{daemon.Port}/?id=late"), Token));
    }

    [Fact]
    public async Task While_the_first_generation_prepares_it_is_not_ready()
    {
        await using var silent = new SilentServer();
        await using var daemon = DaemonProcess.Launch(silent.Probed(Config(), timeout: "00:10:00"));
        await daemon.WaitAsync(() => silent.Probes > 0, "probe its destination");

        Assert.Equal(new BatonCommand(1, "", "baton: the daemon has not answered within 1 s.\n"), await HealthAsync(daemon, "--ready", "--timeout", "1"));
    }

    [Fact]
    public async Task A_daemon_that_hangs_is_not_waited_for_longer_than_said()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        daemon.Signal(daemon.FirstPid, Signo.SIGSTOP);
        await daemon.WaitAsync(() => ProcessState.Read(daemon.FirstPid)!.IsStopped, "stop");

        Assert.Equal(new BatonCommand(1, "", "baton: the daemon has not answered within 1 s.\n"), await HealthAsync(daemon, "--timeout", "1"));
    }

    [Fact]
    public async Task Without_a_daemon_or_a_socket_it_says_why_not()
    {
        await using var off = await DaemonProcess.StartAsync(Config().Baton("Admin:Socket", "none"));
        var path = Path.Combine(off.TemporaryDirectory, "none.sock");

        var bySocket = await BatonCommand.RunAsync(null, "health", "--socket", path);
        var turnedOff = await HealthAsync(off);
        var usage = await HealthAsync(off, "--timeout", "0");

        Assert.Equal(new BatonCommand(1, "", $"baton: no daemon answers. Tried:\n  {path}: there is no such socket\n"), bySocket);
        Assert.True(turnedOff.ExitCode == 1 && turnedOff.Errors.Contains("Baton:Admin:Socket is \"none\"", StringComparison.Ordinal), turnedOff.ToString());
        Assert.True(usage.ExitCode == 2 && usage.Errors.Contains("--timeout is 0, but it must lie between 1 and 300", StringComparison.Ordinal), usage.ToString());
    }

    [Fact]
    public async Task Another_daemon_in_its_place_is_not_taken_for_it()
    {
        await using var one = await DaemonProcess.StartAsync(Config(), InRuntimeDirectory());
        var run = await BatonCommand.RunAsync(one, "health", "--timeout", "60", "--config", one.ConfigFile + ".other", "--socket", Path.Combine(_runtime, "admin.sock"));
        Assert.Equal(0, run.ExitCode);

        run = await BatonCommand.RunInAsync(new Dictionary<string, string?> { ["RUNTIME_DIRECTORY"] = _runtime }, "health", "--timeout", "60", "--config", one.ConfigFile + ".other");
        Assert.True(run.ExitCode == 1 && run.Errors.Contains($"a daemon that runs with {one.ConfigFile}", StringComparison.Ordinal), run.ToString());
    }

    private DaemonStart InRuntimeDirectory() => new() { Environment = new Dictionary<string, string?> { ["RUNTIME_DIRECTORY"] = _runtime } };

    private static Task<BatonCommand> HealthAsync(DaemonProcess daemon, params IReadOnlyList<string> arguments) =>
        BatonCommand.RunAsync(daemon, ["health", "--config", daemon.ConfigFile, .. arguments]);

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200");

    private static async Task AskUntilAsync(AdminRequests admin, ConcurrentQueue<string> answers, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (code, body) = await admin.SendAsync(HttpMethod.Get, "/readyz", Token);
            answers.Enqueue($"{code} {body}");
        }
    }
}
