using Baton.Tests.Admin;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Baton.Tests.Health;
using Baton.Tests.Upgrades;
using Xunit;

namespace Baton.Tests.Rehearsals;

/// <summary><c>baton upgrade --dry-run</c>: it says what the upgrade would do, and nothing changes.</summary>
public sealed class DryRunTests : IDisposable
{
    private const int Idle = 300;
    private const int LargeBytes = 4_000_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("baton-rehearsal-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Under_load_and_with_hundreds_of_connections_nothing_is_lost_and_nothing_changes()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address));
        var pages = new List<Http1Connection>();
        for (var number = 0; number < Idle; number++)
            pages.Add(await Http1Connection.OpenAsync(daemon.Port, new ClientReport("idle"), null, Token));
        await using var traffic = new Traffic(TimeSpan.FromMinutes(1), backend).Add(
            new KeepAliveClient(daemon.Port, connections: 3, longestPauseMilliseconds: 5), new ConnectionPerRequestClient(daemon.Port),
            new InFlightClient(daemon.Port, 3, 300), new WebSocketEchoClient(daemon.Port, 2));
        await traffic.StartAsync(Token);

        var run = await BatonCommand.UpgradeAsync(daemon, "--dry-run");

        Assert.True(run.ExitCode == 0, run.ToString());
        await traffic.WaitForAnswersAsync(5, cancellationToken: Token);
        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        Assert.All(pages, page => Assert.Equal(IdleState.Open, page.Look()));
        pages.ForEach(page => page.Dispose());
        Assert.Equal(daemon.FirstPid, (await daemon.WaitForOneProcessAsync()).Pid);
        Assert.Single(daemon.Log.Generations);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task It_prints_the_steps_and_what_the_upgrade_would_do()
    {
        await using var silent = new SilentServer(); // Without it the successor is ready before anybody can see what it does.
        await using var daemon = await DaemonProcess.StartAsync(silent.Probed(Config()));
        var version = daemon.Current.Version;

        var run = await BatonCommand.UpgradeAsync(daemon, "--dry-run");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("", run.Errors);
        var lines = run.Output.TrimEnd().Split('\n');
        Assert.Equal($"asked generation 1 (pid {daemon.FirstPid}, version {version})", lines[0]);
        Assert.Contains($"warming up: pid {DaemonLogPatterns.LaunchedPid(await daemon.WaitForLogAsync("Launched generation 2"))}", lines);
        Assert.Contains($"The upgrade would work: generation 1 (pid {daemon.FirstPid}, version {version}) would hand over to 2 (version {version}). Nothing was changed.", lines);
        Assert.Matches(@"\n  ready      after \d+\.\d s\n", run.Output);
        Assert.Matches(@"\n  memory     \d{2,3}\.\d MiB resident when it was ready, \d{1,3}\.\d MiB of them its own share\n", run.Output);
        Assert.Contains($"\n  listeners  stay: unix:{daemon.AdminSocket}, 127.0.0.1:{daemon.Port}\n             new: none\n             go: none\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Rehearsal: generation 1 (version ", await daemon.WaitForLogAsync("Rehearsal: generation 1"), StringComparison.Ordinal);
        daemon.AssertNoUnexpectedWarnings("Probing destination", "Active health state of destination");
    }

    [Fact]
    public async Task With_a_broken_configuration_it_says_the_successors_reasons()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        Config().Listen($"http://unix:{_directory}/new.sock").Baton("DrainTimeOut2", "1").Set("ReverseProxy:Routes:lost:ClusterId", "nowhere").WriteTo(daemon.ConfigFile);
        using var admin = new AdminRequests(daemon.AdminSocket);

        var run = await BatonCommand.UpgradeAsync(daemon, "--dry-run");

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("The upgrade would fail, as was clear after ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Baton:DrainTimeOut2 is not known", run.Errors, StringComparison.Ordinal);
        Assert.Contains("nowhere", run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await admin.StatusAsync(Token)).GetProperty("reports").GetArrayLength()); // It was no upgrade.
        Assert.Equal(daemon.FirstPid, (await daemon.WaitForOneProcessAsync()).Pid);
        Assert.Empty(Directory.GetFiles(_directory));
        daemon.AssertNoUnexpectedWarnings("Rehearsal: the upgrade to generation 2", "is refused and the old routes stay");
    }

    [Fact]
    public async Task Listeners_that_come_and_go_are_said_and_none_is_left_behind_or_lost()
    {
        var kept = $"{_directory}/kept.sock";
        var added = $"{_directory}/added.sock";
        var port = FreePort.Next();
        var config = Config().Listen().Listen($"http://unix:{kept}");
        await using var daemon = await DaemonProcess.StartAsync(config, new DaemonStart { Listeners = 3 });
        var (stays, goes) = (daemon.Ports[0], daemon.Ports[1]);
        var before = OpenDescriptors.Of(daemon.FirstPid);
        config.Set("Kestrel:Endpoints:endpoint-002", null).Listen($"http://unix:{added}").Listen($"http://127.0.0.1:{port}").WriteTo(daemon.ConfigFile);

        var run = await BatonCommand.UpgradeAsync(daemon, "--dry-run");

        Assert.True(run.ExitCode == 0, run.ToString());
        // What port 0 stands for in the new configuration is the first that had it.
        Assert.Contains($"127.0.0.1:{stays}, unix:{kept}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"\n             new: unix:{added}, 127.0.0.1:{port}\n             go: 127.0.0.1:{goes}\n", run.Output, StringComparison.Ordinal);
        Assert.Equal([kept], Directory.GetFiles(_directory));
        Assert.Equal(1, await Page.GenerationAsync(stays, Token));
        Assert.Equal(1, await Page.GenerationAsync(goes, Token));
        var refused = await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => Page.GetAsync(port, Token));
        Assert.Equal(System.Net.Sockets.SocketError.ConnectionRefused, refused.SocketErrorCode);
        await daemon.WaitAsync(() => OpenDescriptors.More(OpenDescriptors.Of(daemon.FirstPid), before).Count == 0, "close what the rehearsal has opened");
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Ten_in_a_row_leave_the_listeners_as_good_as_they_were_and_then_the_upgrade_works()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address));
        using var admin = new AdminRequests(daemon.AdminSocket);
        for (var rehearsal = 0; rehearsal < 10; rehearsal++)
        {
            var (code, body) = await admin.SendAsync(HttpMethod.Post, "/upgrade?dryRun=true", Token);
            Assert.True(code == 200 && body.Contains("\"outcome\": \"Rehearsed\"", StringComparison.Ordinal), $"{code} {body}");
        }

        Assert.Equal(daemon.FirstPid, (await daemon.WaitForOneProcessAsync()).Pid);
        AssertNoLinger(daemon.FirstPid);
        await DownloadAsync(daemon.Port);
        var second = await daemon.UpgradeAsync();
        Assert.Equal(2, second.Number);
        await daemon.WaitForOneProcessAsync();
        AssertNoLinger(second.Pid);
        await DownloadAsync(daemon.Port);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task What_the_successor_warns_of_is_in_the_answer()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        Config().Set("Nonsense:Key", "value").WriteTo(daemon.ConfigFile);

        var run = await BatonCommand.UpgradeAsync(daemon, "--dry-run");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Matches(@"\n  warning    .*Nonsense is not a section", run.Output);
        daemon.AssertNoUnexpectedWarnings("Nonsense is not a section");
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200");

    // The last of what closes a listener as it should not be: it would cut what is sent when a connection closes.
    private static void AssertNoLinger(int pid)
    {
        var listeners = OpenDescriptors.Links(pid)
            .Where(link => link.Target.StartsWith("socket:", StringComparison.Ordinal))
            .Select(link => DuplicatedSocket.Look(pid, link.Fd))
            .Where(socket => socket.Listens)
            .ToList();
        Assert.InRange(listeners.Count, 2, 3); // The admin socket is one; .NET's own, for diagnostics, may be the third.
        Assert.All(listeners, socket => Assert.Equal((true, 0, 0), socket));
    }

    private static async Task DownloadAsync(int port)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.ConnectionClose = true;
        var bodies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.GetByteArrayAsync(new Uri($"http://127.0.0.1:{port}/bytes?n={LargeBytes}"), Token)));
        Assert.All(bodies, body => Assert.Equal(Backend.HashOfBytes(LargeBytes), Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(body))));
    }
}
