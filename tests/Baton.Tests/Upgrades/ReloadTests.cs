using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Upgrades;

/// <summary>A file that changes during an upgrade is the successor's to read.</summary>
public sealed class ReloadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_takes_effect_without_a_successor_when_the_upgrade_has_failed_and_not_before()
    {
        using var program = new InstalledProgram();
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = new ConfigBuilder().Listen().Baton("ReadyTimeout", "00:00:05");
        await using var daemon = await DaemonProcess.StartAsync(config, new DaemonStart { Command = [program.Command] });
        program.PointToHeldRelease(); // It is never opened: the successor is killed.
        daemon.Signal(daemon.FirstPid, Signo.SIGHUP);
        await daemon.WaitForLogAsync("Launched generation 2");

        config.ForwardTo(backend.Address).WriteTo(daemon.ConfigFile);

        await daemon.WaitForLogAsync("Routes and clusters reloaded");
        Assert.Single(daemon.Log.Events().TakeWhile(text => !text.Contains("Routes and clusters reloaded", StringComparison.Ordinal)), text => text.Contains("was not ready after 5 s", StringComparison.Ordinal));
        daemon.AssertNoUnexpectedWarnings("was not ready after 5 s");
    }
}
