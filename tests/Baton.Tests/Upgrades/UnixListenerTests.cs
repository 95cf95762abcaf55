using System.Net.Sockets;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Upgrades;

/// <summary>Unix-domain listeners and their files.</summary>
public sealed class UnixListenerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("baton-unix-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => $"{_directory}/b.sock";

    [Fact]
    public async Task It_has_the_mode_and_the_owner_of_the_options()
    {
        var (uid, gid) = Environment.IsPrivilegedProcess ? (12345u, 54321u) : FileOwnership.Of(_directory);
        await using var daemon = await StartAsync(Config().Baton("UnixSockets:Mode", "0606").Baton("UnixSockets:Owner", uid).Baton("UnixSockets:Group", gid));

        await AskAsync();
        await daemon.UpgradeAsync();
        await AskAsync();

        Assert.Equal("606", Convert.ToString((int)File.GetUnixFileMode(Path), 8));
        Assert.Equal((uid, gid), FileOwnership.Of(Path));
    }

    [Fact]
    public async Task It_survives_upgrades()
    {
        await using var daemon = await StartAsync(Config());
        using var stop = new CancellationTokenSource();
        var asked = AskUntilAsync(stop.Token);

        for (var generation = 2; generation <= 4; generation++)
        {
            await daemon.UpgradeAsync();
            await daemon.WaitForOneProcessAsync();
            Assert.True(File.Exists(Path));
            Assert.Contains($"generation  {generation}", await AskAsync(), StringComparison.Ordinal);
        }

        await stop.CancelAsync();
        Assert.InRange(await asked, 10, int.MaxValue);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Its_file_goes_with_the_last_generation()
    {
        await using var daemon = await StartAsync(Config());
        var second = await daemon.UpgradeAsync();
        await daemon.WaitForOneProcessAsync();
        Assert.True(File.Exists(Path));

        daemon.Signal(second.Pid, Signo.SIGTERM);

        await daemon.WaitForExitAsync(second.Pid);
        Assert.False(File.Exists(Path));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_stale_file_is_replaced()
    {
        await using (var dead = await StartAsync(Config()))
        {
            dead.Signal(dead.FirstPid, Signo.SIGKILL);
            await dead.WaitForExitAsync(dead.FirstPid);
        }
        Assert.True(File.Exists(Path));

        await using var daemon = await StartAsync(Config());

        await AskAsync();
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_live_one_is_not_taken_away_from_its_owner()
    {
        await using var owner = await StartAsync(Config());

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(Config()));

        Assert.Contains($"Listening on {Path} failed: another process listens there", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"ss -xlp src {Path}", fault.Message, StringComparison.Ordinal);
        await AskAsync();
        owner.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_regular_file_is_not_deleted()
    {
        await File.WriteAllTextAsync(Path, "precious", Token);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(Config()));

        Assert.Contains($"Listening on {Path} failed: there is a file that is not a socket", fault.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(Path, Token));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static Task<DaemonProcess> StartAsync(ConfigBuilder config) => DaemonProcess.StartAsync(config, new DaemonStart { Listeners = 2 });

    private ConfigBuilder Config() => new ConfigBuilder().Listen().Listen($"http://unix:{Path}").Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:01");

    private async Task<int> AskUntilAsync(CancellationToken stop)
    {
        var answered = 0;
        for (; !stop.IsCancellationRequested; answered++)
            await AskAsync();
        return answered;
    }

    private async Task<string> AskAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), limit.Token);
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), limit.Token);
        var reader = new HttpResponseReader(socket);
        return await reader.ReadTextAsync(await reader.ReadHeadAsync(limit.Token), limit.Token);
    }
}
