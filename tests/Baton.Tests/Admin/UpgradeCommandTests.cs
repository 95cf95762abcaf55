using System.Net.Sockets;
using System.Text;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Baton.Tests.Health;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary><c>baton upgrade</c>, with the real daemon.</summary>
public sealed class UpgradeCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_follows_the_upgrade_to_its_report()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address));

        var run = await UpgradeAsync(daemon, backend, heldUntil: "taking over: ");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("", run.Errors);
        Assert.Equal(2, daemon.Current.Number);
        var lines = run.Output.TrimEnd().Split('\n');
        Assert.Equal($"asked generation 1 (pid {daemon.FirstPid}, version {daemon.Current.Version})", lines[0]);
        Assert.Contains($"taking over: generation 2 (pid {daemon.Current.Pid}, version {daemon.Current.Version})", lines);
        Assert.StartsWith($"Upgrade completed: generation 1 (pid {daemon.FirstPid}, version ", lines[^1], StringComparison.Ordinal);
        Assert.Contains("cut: nothing.", lines[^1], StringComparison.Ordinal);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task It_shows_what_is_drained()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address));

        var run = await UpgradeAsync(daemon, backend, heldUntil: "draining 1 request, 0 tunnels and ");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("draining 1 request, 0 tunnels and ", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 request finished", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_asks_the_daemon_meanwhile_is_no_part_of_the_report()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address));
        using var idle = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await idle.ConnectAsync(new UnixDomainSocketEndPoint(daemon.AdminSocket), Token);
        await idle.SendAsync("GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Token);
        Assert.NotEqual(0, await idle.ReceiveAsync(new byte[65536], Token));
        using var events = new EventStream(daemon.AdminSocket);
        await using var stream = events.ReadOneAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await stream.MoveNextAsync());

        var run = await UpgradeAsync(daemon, backend, heldUntil: "draining 1 request, 0 tunnels and 1 connection");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.EndsWith("1 request finished; of 1 connection 1 moved, as did 0 tunnels; cut: nothing.\n", run.Output, StringComparison.Ordinal);
        await daemon.WaitForLogAsync("Of 1 connections 1 moved, as did 0 tunnels; 0 were asked to close, 0 idle ones closed; 1 requests finished; cut: nothing");
    }

    [Fact]
    public async Task It_shows_that_the_new_generation_warms_up()
    {
        await using var silent = new SilentServer();
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(
            silent.Probed(Config()).Set("ReverseProxy:Clusters:all:Destinations:a:Address", backend.Address).Set("ReverseProxy:Clusters:all:LoadBalancingPolicy", "FirstAlphabetical"));

        var run = await UpgradeAsync(daemon, backend, heldUntil: "taking over: ");

        Assert.True(run.ExitCode == 0, run.ToString());
        var steps = run.Output.Split('\n').Select(line => line.Split(' ')[0]).ToList();
        Assert.Equal(["warming", "taking"], steps.Where(step => step is "warming" or "taking")); // What comes before may be too short to be seen.
    }

    [Fact]
    public async Task It_need_not_wait_for_the_drain_only_for_the_probation()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address));
        using var client = new HttpClient();
        var slow = client.GetStringAsync(new Uri($"http://127.0.0.1:{daemon.Port}/held?id=slow"), Token);
        await backend.WaitForInFlightAsync(1, Token);

        var run = await BatonCommand.UpgradeAsync(daemon, "--until", "proven");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.False(slow.IsCompleted);
        Assert.Contains($"generation 2 (pid {daemon.Current.Pid}, version {daemon.Current.Version}) serves and is past its probation; its predecessor is draining 1 request", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, daemon.LiveGenerations().Count);
        backend.Held.Open();
        Assert.Equal("slow", await slow);
    }

    [Fact]
    public async Task A_successor_that_fails_says_its_own_reasons()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        Config().Baton("DrainTimeOut2", "1").Set("ReverseProxy:Routes:lost:ClusterId", "nowhere").WriteTo(daemon.ConfigFile);

        var run = await BatonCommand.UpgradeAsync(daemon);

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains($"Upgrade failed after ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"generation 1 (pid {daemon.FirstPid}, version ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Baton:DrainTimeOut2 is not known", run.Errors, StringComparison.Ordinal);
        Assert.Contains("nowhere", run.Errors, StringComparison.Ordinal);
        Assert.Equal(1, daemon.Current.Number);
    }

    [Fact]
    public async Task A_configuration_that_is_no_JSON_or_gone_is_said_by_the_successor_too()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        await File.WriteAllTextAsync(daemon.ConfigFile, "{ \"Baton\": { \"Admin\": {{", Token);
        var broken = await BatonCommand.UpgradeAsync(daemon);
        File.Delete(daemon.ConfigFile);
        var gone = await BatonCommand.UpgradeAsync(daemon);

        Assert.True(broken.ExitCode == 1 && broken.Errors.Contains($"{daemon.ConfigFile}:1:", StringComparison.Ordinal), broken.ToString());
        Assert.True(gone.ExitCode == 1 && gone.Errors.Contains("There is no such file", StringComparison.Ordinal), gone.ToString());
    }

    [Fact]
    public async Task With_no_wait_it_only_asks()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config().Baton("Probation", "00:00:03"));

        var run = await BatonCommand.UpgradeAsync(daemon, "--no-wait");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.StartsWith("asked generation 1", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("completed", run.Output, StringComparison.Ordinal);
        await daemon.WaitForGenerationAsync(2);
    }

    [Fact]
    public async Task After_its_timeout_the_upgrade_goes_on()
    {
        using var program = new InstalledProgram();
        await using var daemon = await StartAsync(program);
        var gate = program.PointToHeldRelease();
        var run = await BatonCommand.UpgradeAsync(daemon, "--timeout", "3");
        gate.Open();

        Assert.True(run.ExitCode == 3, run.ToString());
        Assert.Contains("not over after 3 s. It goes on", run.Errors, StringComparison.Ordinal);
        await daemon.WaitForLogAsync("Upgrade completed: generation 1");
    }

    [Fact]
    public async Task During_an_upgrade_its_own_follows()
    {
        using var program = new InstalledProgram();
        await using var daemon = await StartAsync(program);
        var gate = program.PointToHeldRelease();
        daemon.Signal(daemon.FirstPid, Signo.SIGHUP);
        await daemon.WaitForLogAsync("Launched generation 2");
        var upgrade = BatonCommand.UpgradeAsync(daemon);
        await daemon.WaitForLogAsync("Upgrade asked for by the admin socket while Launching");
        await program.ReleaseAsync(gate);

        var run = await upgrade;
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("Upgrade completed: generation 2 ", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, daemon.Current.Number);
    }

    [Fact]
    public async Task The_report_of_a_generation_that_still_drained_is_not_its_own()
    {
        using var program = new InstalledProgram();
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await StartAsync(program, backend.Address);
        using var client = new HttpClient();
        using var admin = new AdminRequests(daemon.AdminSocket);
        var held = client.GetStringAsync(new Uri($"http://127.0.0.1:{daemon.Port}/held?id=held"), Token);
        await backend.WaitForAsync("held", Token);
        await daemon.UpgradeAsync();
        var gate = program.PointToHeldRelease();
        var upgrade = BatonCommand.UpgradeAsync(daemon);
        await daemon.WaitForLogAsync("Launched generation 3");
        backend.Held.Open();
        Assert.Equal("held", await held);
        await admin.WaitForStatusAsync(status => status.GetProperty("reports").GetArrayLength() == 1, Token);
        await program.ReleaseAsync(gate);

        var run = await upgrade;
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("The upgrade that was under way: Upgrade completed: generation 1 ", run.Output, StringComparison.Ordinal);
        Assert.StartsWith("Upgrade completed: generation 2 ", run.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_daemon_it_says_what_was_tried_and_what_to_do()
    {
        var directory = Directory.CreateTempSubdirectory("baton-none-");
        try
        {
            var path = Path.Combine(directory.FullName, "none.sock");
            var bySocket = await BatonCommand.RunAsync(null, "upgrade", "--socket", path);
            var byConfig = await BatonCommand.RunAsync(null, "upgrade", "--config", Path.Combine(directory.FullName, "baton.json"));

            Assert.True(bySocket.ExitCode == 1, bySocket.ToString());
            Assert.Contains($"{path}: there is no such socket", bySocket.Errors, StringComparison.Ordinal);
            Assert.True(byConfig.ExitCode == 1, byConfig.ToString());
            Assert.Contains("baton: no daemon answers. Tried:\n", byConfig.Errors, StringComparison.Ordinal);
            Assert.Contains("kill -HUP", byConfig.Errors, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Two_daemons_side_by_side_are_told_apart_by_their_configuration()
    {
        await using var one = await DaemonProcess.StartAsync(Config());
        await using var other = await DaemonProcess.StartAsync(Config(), new DaemonStart
        {
            Environment = new Dictionary<string, string?> { ["XDG_RUNTIME_DIR"] = one.TemporaryDirectory },
        });

        var run = await BatonCommand.RunAsync(one, "upgrade", "--config", other.ConfigFile);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal((1, 2), (one.Current.Number, other.Current.Number));
        one.AssertNoUnexpectedWarnings();
        other.AssertNoUnexpectedWarnings();
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:01").Baton("IdleLinger", "00:00:00.200");

    private static Task<DaemonProcess> StartAsync(InstalledProgram program, string? destination = null)
    {
        var config = Config();
        if (destination is not null)
            config.ForwardTo(destination);
        return DaemonProcess.StartAsync(config, new DaemonStart { Command = [program.Command] });
    }

    /// <summary>Runs it while a request is held in the backend, until it has written a line that begins so.</summary>
    private static async Task<BatonCommand> UpgradeAsync(DaemonProcess daemon, Backend backend, string heldUntil)
    {
        using var client = new HttpClient();
        var held = client.GetStringAsync(new Uri($"http://127.0.0.1:{daemon.Port}/held?id=held"), Token);
        await backend.WaitForAsync("held", Token);
        using var upgrade = BatonCommand.Start(daemon, "upgrade");
        var output = new StringBuilder();
        string? line;
        do
        {
            line = await upgrade.StandardOutput.ReadLineAsync(Token);
            output.Append(line).Append('\n');
        }
        while (line?.StartsWith(heldUntil, StringComparison.Ordinal) == false);
        backend.Held.Open();
        Assert.Equal("held", await held);
        output.Append(await upgrade.StandardOutput.ReadToEndAsync(Token));
        var errors = await upgrade.StandardError.ReadToEndAsync(Token);
        await upgrade.WaitForExitAsync(Token);
        return new BatonCommand(upgrade.ExitCode, output.ToString(), errors);
    }
}
