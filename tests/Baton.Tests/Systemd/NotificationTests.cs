using System.Globalization;
using Baton.Tests.Admin;
using Baton.Tests.Backends;
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
    public async Task A_generation_whose_predecessor_ends_after_its_own_successor_serves_names_no_main_pid_again()
    {
        await using var first = await Backend.StartAsync(cancellationToken: Token);
        await using var second = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await StartAsync(first.Address);
        using var client = new HttpClient();
        var held = new Uri($"http://127.0.0.1:{daemon.Port}/held?id=held");
        var ofFirst = client.GetStringAsync(held, Token);
        await first.WaitForInFlightAsync(1, Token);
        new ConfigBuilder().Listen().ForwardTo(second.Address).WriteTo(daemon.ConfigFile);
        await daemon.UpgradeAsync();
        await _systemd.ReceiveUntilAsync("Generation 2 serving", Token);
        var ofSecond = client.GetStringAsync(held, Token);
        await second.WaitForInFlightAsync(1, Token);
        var third = await daemon.UpgradeAsync();
        await _systemd.ReceiveUntilAsync($"MAINPID={third.Pid}", Token);

        first.Held.Open();
        await daemon.WaitForLogAsync("Since generation 1:"); // Said by generation 2 when it has heard the last word.
        second.Held.Open();

        Assert.Equal(["held", "held"], await Task.WhenAll(ofFirst, ofSecond));
        Assert.All(await _systemd.ReceiveUntilAsync("upgrades: 2", Token), told => Assert.StartsWith("READY=1\nSTATUS=Generation 3 serving", told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_listeners_are_given_to_the_store_but_not_those_of_the_admin_interface()
    {
        await using var daemon = await StartAsync("--set", string.Create(CultureInfo.InvariantCulture, $"Baton:Admin:Address=127.0.0.1:{FreePort.Next()}"));
        Assert.Equal(["FDSTORE=1\nFDNAME=listen=127.0.0.1%3A0"], await _systemd.ReceiveStoredAsync(1, Token));
        await daemon.UpgradeAsync();
        await _systemd.ReceiveUntilAsync("Generation 2 serving", Token);
        Assert.Equal(["FDSTORE=1\nFDNAME=listen=127.0.0.1%3A0"], await _systemd.ReceiveStoredAsync(1, Token));
    }

    [Fact]
    public async Task Under_a_constant_process_the_main_pid_stays()
    {
        await using var daemon = await StartAsync("--init");
        await daemon.UpgradeAsync();
        Assert.DoesNotContain(await _systemd.ReceiveUntilAsync("Generation 2 serving", Token), text => text.Contains("MAINPID", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_long_drain_asks_for_its_time()
    {
        await using var daemon = await StartAsync();
        await _systemd.ReceiveUntilAsync("READY=1", Token);
        daemon.Signal(daemon.FirstPid, Signo.SIGTERM);
        // DrainTimeout, 30 s, and ten seconds more.
        Assert.Contains("\nEXTEND_TIMEOUT_USEC=40000000", (await _systemd.ReceiveUntilAsync("STOPPING=1", Token))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_sigterm_which_systemd_sends_by_itself_does_not_end_it_at_once()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await StartAsync(backend.Address);
        using var client = new HttpClient();
        var slow = client.GetStringAsync(new Uri($"http://127.0.0.1:{daemon.Port}/slow?ms=2000&id=slow"), Token);
        await backend.WaitForInFlightAsync(1, Token);
        daemon.Signal(daemon.FirstPid, Signo.SIGTERM);
        await daemon.WaitForLogAsync("End asked for");
        daemon.Signal(daemon.FirstPid, Signo.SIGTERM);
        Assert.Equal("slow", await slow);
        Assert.Equal(0, await daemon.FirstExitCodeAsync());
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
    public async Task The_status_tells_whether_it_is_drained_for_a_load_balancer_after_an_upgrade_too()
    {
        await using var daemon = await StartAsync();
        await _systemd.ReceiveUntilAsync("READY=1", Token);
        using var admin = new AdminRequests(daemon.AdminSocket);
        await admin.SendAsync(HttpMethod.Post, "/drain", Token);
        Assert.Equal("STATUS=Generation 1 serving, but not ready: drained by an operator", (await _systemd.ReceiveUntilAsync("drained", Token))[^1]);
        await daemon.UpgradeAsync();
        await _systemd.ReceiveUntilAsync("Generation 2 serving, but not ready: drained by an operator; upgrades: 1", Token);
        await admin.SendAsync(HttpMethod.Post, "/undrain", Token);
        await _systemd.ReceiveUntilAsync("STATUS=Generation 2 serving; upgrades: 1", Token);
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
    public async Task A_rehearsal_is_no_reload_names_no_main_pid_and_counts_as_no_upgrade()
    {
        await using var daemon = await StartAsync();
        await _systemd.ReceiveUntilAsync("READY=1", Token);
        await _systemd.ReceiveStoredAsync(1, Token);
        Assert.Equal(0, (await BatonCommand.UpgradeAsync(daemon, "--dry-run")).ExitCode);
        Assert.Equal(
            ["STATUS=Generation 1 serving; an upgrade is rehearsed", "STATUS=Generation 1 serving"],
            [(await _systemd.ReceiveUntilAsync("STATUS=", Token)).Single(), (await _systemd.ReceiveUntilAsync("STATUS=", Token)).Single()]);

        await File.WriteAllTextAsync(daemon.ConfigFile, """{ "Baton": { "DrainTimout": "1" } }""", Token);
        var failed = await BatonCommand.UpgradeAsync(daemon, "--dry-run");
        Assert.True(failed.ExitCode == 1 && failed.Output.Contains("would fail", StringComparison.Ordinal), failed.ToString());
        Assert.Equal("STATUS=Generation 1 serving; an upgrade is rehearsed", (await _systemd.ReceiveUntilAsync("STATUS=", Token)).Single());
        Assert.Equal("STATUS=Generation 1 serving", (await _systemd.ReceiveUntilAsync("STATUS=", Token)).Single());
        daemon.Signal(daemon.FirstPid, Signo.SIGTERM);
        Assert.Single(await _systemd.ReceiveUntilAsync("STOPPING=1", Token)); // Nothing but that has come since, for the store neither.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _systemd.ReceiveStoredAsync(1, new CancellationToken(canceled: true)));
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

    private Task<DaemonProcess> StartAsync(params string[] more) => DaemonProcess.StartAsync(
        more.FirstOrDefault(text => text.StartsWith("http", StringComparison.Ordinal)) is { } address ? new ConfigBuilder().Listen().ForwardTo(address) : new ConfigBuilder().Listen(),
        new DaemonStart
        {
            Arguments = [.. new DaemonStart().Arguments, .. more.Where(text => !text.StartsWith("http", StringComparison.Ordinal))],
            Environment = new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = _systemd.Path },
        });
}
