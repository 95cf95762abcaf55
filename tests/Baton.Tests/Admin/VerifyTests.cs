using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary><c>baton upgrade --verify</c>: its canaries see nothing in a good upgrade, and see what breaks.</summary>
public sealed class VerifyTests
{
    [Fact]
    public async Task A_good_upgrade_passes_with_all_canaries_on_all_listeners()
    {
        using var certificate = new CertificateFiles();
        await using var daemon = await DaemonProcess.StartAsync(
            certificate.ListenTls(Config().Listen(protocols: "Http2").Listen("http://[::]:0")), new DaemonStart { Listeners = 4 });

        var run = await BatonCommand.UpgradeAsync(daemon, "--verify");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("", run.Errors);
        Assert.Contains("verifying: 11 canaries (keep-alive, upload, WebSocket, HTTP/2) on 4 listeners", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"verified: 11 canaries .* [1-9]\d* answers, none was lost or wrong", run.Output);
        Assert.DoesNotContain("not verified", run.Output, StringComparison.Ordinal);
        TestContext.Current.SendDiagnosticMessage(run.Output);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Upgrade_after_upgrade_passes()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        for (var number = 2; number <= 4; number++)
        {
            var run = await BatonCommand.UpgradeAsync(daemon, "--verify");
            Assert.True(run.ExitCode == 0, run.ToString());
            Assert.Contains("not verified: HTTP/2, since no listener offers it", run.Output, StringComparison.Ordinal);
            Assert.Equal(number, daemon.Current.Number);
        }

        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_listener_that_the_successor_does_not_have_fails_it_though_the_upgrade_completes()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config().Listen("http://[::1]:0"), new DaemonStart { Listeners = 2 });
        var gone = daemon.Log.Addresses[1];
        Config().WriteTo(daemon.ConfigFile);

        var run = await BatonCommand.UpgradeAsync(daemon, "--verify");

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("Upgrade completed", run.Output, StringComparison.Ordinal);
        Assert.Contains("canaries broke during the upgrade", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"{gone}, keep-alive, after ", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"{gone}, WebSocket, after ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain($"127.0.0.1:{daemon.Port},", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_successor_that_is_killed_on_probation_fails_it_by_its_canaries_too()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config().Baton("Probation", "00:00:20"));
        var upgrade = BatonCommand.UpgradeAsync(daemon, "--verify");
        var second = await daemon.WaitForGenerationAsync(2);
        using (var admin = new AdminRequests(daemon.AdminSocket))
        {
            await daemon.WaitAsync(
                () => admin.StatusAsync(TestContext.Current.CancellationToken).Result is var status
                    && status.GetProperty("generation").GetInt32() == 2 && status.GetProperty("open").GetProperty("connections").GetInt32() > 1,
                "have the canaries in generation 2");
        }

        daemon.Signal(second.Pid, Signo.SIGKILL);
        var run = await upgrade;

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("Upgrade rolled back", run.Output, StringComparison.Ordinal);
        Assert.Contains($"(pid {second.Pid}) died after it took over", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"http://127.0.0.1:{daemon.Port}, ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(1, daemon.Current.Number);
    }

    [Fact]
    public async Task A_successor_that_does_not_know_the_canaries_fails_it()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        File.Delete(daemon.AdminSocket + ".key"); // The successor makes another.

        var run = await BatonCommand.UpgradeAsync(daemon, "--verify");

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("Upgrade completed", run.Output, StringComparison.Ordinal);
        Assert.Contains($"http://127.0.0.1:{daemon.Port}, keep-alive, after ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_canary_can_fly_nothing_is_upgraded()
    {
        using var certificate = new CertificateFiles();
        await using var daemon = await DaemonProcess.StartAsync(certificate.ListenTls(
            new ConfigBuilder().Set("Kestrel:Endpoints:Tls:ClientCertificateMode", "RequireCertificate")));

        var run = await BatonCommand.UpgradeAsync(daemon, "--verify");

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("nothing was upgraded", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"not verified: https://127.0.0.1:{daemon.Port}, keep-alive, after 0 answers: ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(daemon.Log.Generations).Number);
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:01").Baton("IdleLinger", "00:00:00.500");
}
