using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Systemd;

/// <summary>What systemd is told, datagram by datagram, in its place.</summary>
public sealed class NotificationTests : IDisposable
{
    private readonly NotificationSocket _systemd = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _systemd.Dispose();

    [Fact]
    public async Task An_upgrade_is_a_reload_that_ends_with_the_new_main_pid_alone_in_its_datagram()
    {
        await using var daemon = await StartAsync();
        Assert.StartsWith("READY=1\nSTATUS=Generation 1 serving", Assert.Single(await _systemd.ReceiveUntilAsync("READY=1", Token)), StringComparison.Ordinal);
        var successor = await daemon.UpgradeAsync();

        var told = await _systemd.ReceiveUntilAsync("Generation 2 serving", Token);
        Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=\d+\nSTATUS=Generation 1 ", told[0]);
        Assert.StartsWith("STATUS=Generation 1 draining; generation 2 serves, on probation", told[1], StringComparison.Ordinal);
        Assert.StartsWith("READY=1\n", told[2], StringComparison.Ordinal);
        Assert.Equal($"MAINPID={successor.Pid}", told[3]);
        Assert.StartsWith("READY=1\nSTATUS=Generation 2 serving", told[4], StringComparison.Ordinal);
        Assert.Equal(5, told.Count);
    }

    [Fact]
    public async Task The_status_tells_how_many_upgrades_there_were_whichever_generation_has_run_them()
    {
        await using var daemon = await StartAsync();
        await daemon.UpgradeAsync();
        var status = (await _systemd.ReceiveUntilAsync("upgrades: 1", Token))[^1];
        Assert.Matches(@"STATUS=Generation 2 serving; upgrades: 1, the last took \d+\.\d s$", status);
        await daemon.UpgradeAsync();
        await _systemd.ReceiveUntilAsync("Generation 3 serving; upgrades: 2, ", Token);
    }

    [Fact]
    public async Task A_failed_upgrade_ends_the_reload_too_and_says_why()
    {
        await using var daemon = await StartAsync();
        await _systemd.ReceiveUntilAsync("READY=1", Token);
        await File.WriteAllTextAsync(daemon.ConfigFile, "{ broken", Token);
        daemon.Signal(daemon.Current.Pid, Signo.SIGHUP);

        var told = await _systemd.ReceiveUntilAsync("READY=1", Token);
        Assert.StartsWith("RELOADING=1\n", told[0], StringComparison.Ordinal);
        Assert.Contains("upgrade to generation 2 failed", told[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_is_announced_once_and_only_by_the_process_that_has_no_successor()
    {
        await using var daemon = await StartAsync();
        await daemon.UpgradeAsync();
        await _systemd.ReceiveUntilAsync("Generation 2 serving; upgrades: 1", Token); // Its predecessor's report has come.
        daemon.Signal(daemon.Current.Pid, Signo.SIGTERM);
        Assert.StartsWith("STOPPING=1\nSTATUS=Generation 2 ", Assert.Single(await _systemd.ReceiveUntilAsync("STOPPING=1", Token)), StringComparison.Ordinal);
    }

    private Task<DaemonProcess> StartAsync() => DaemonProcess.StartAsync(
        new ConfigBuilder().Listen(),
        new DaemonStart { Environment = new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = _systemd.Path } });
}
