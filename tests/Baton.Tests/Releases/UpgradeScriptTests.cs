using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Releases;

/// <summary>deploy/upgrade.sh with the daemon from a release archive.</summary>
public sealed class UpgradeScriptTests(ReleaseArchive archive)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_archive_takes_over_and_nothing_is_lost()
    {
        var next = await archive.NextPathAsync();
        using var prefix = new ReleasePrefix();
        await prefix.InstallAsync(await archive.PathAsync());
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await prefix.StartAsync(Config().ForwardTo(backend.Address));
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend).Add(
            new KeepAliveClient(daemon.Port, 2, 5), new ConnectionPerRequestClient(daemon.Port), new InFlightClient(daemon.Port, 2, 1000));
        await traffic.StartAsync(Token);

        var run = await prefix.UpgradeAsync(next, daemon, "--verify");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("verified: ", run.Output, StringComparison.Ordinal);
        Assert.EndsWith($"Release {ReleaseArchive.NextVersion} serves.\n", run.Output, StringComparison.Ordinal);
        Assert.Equal((2, ReleaseArchive.NextVersion), (daemon.Current.Number, daemon.Current.Version));
        Assert.Equal($"releases/{ReleaseArchive.NextVersion}", prefix.Current);
        Assert.Equal(2, prefix.Versions.Count);
        await traffic.WaitForAnswersAsync(3, cancellationToken: Token);
        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        Assert.Equal(0, await daemon.FirstExitCodeAsync());
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_configuration_that_the_new_program_refuses_changes_nothing()
    {
        var next = await archive.NextPathAsync();
        using var prefix = new ReleasePrefix();
        await prefix.InstallAsync(await archive.PathAsync());
        await using var daemon = await prefix.StartAsync(Config());
        var before = (prefix.Current, string.Join(' ', prefix.Versions));
        Config().Baton("DrainTimeOut2", "1").WriteTo(daemon.ConfigFile);

        var run = await prefix.UpgradeAsync(next, daemon);

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("Baton:DrainTimeOut2 is not known", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"Release {ReleaseArchive.NextVersion} does not accept {daemon.ConfigFile}; its reasons stand above. Nothing was changed.", run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, (prefix.Current, string.Join(' ', prefix.Versions)));
        Assert.Equal(1, await Page.GenerationAsync(daemon.Port, Token));
        Assert.DoesNotContain("Upgrade asked for", daemon.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_new_release_crashes_the_link_is_switched_back()
    {
        using var prefix = new ReleasePrefix();
        await prefix.InstallAsync(await archive.PathAsync());
        await using var daemon = await prefix.StartAsync(Config());
        var before = (prefix.Current, string.Join(' ', prefix.Versions));

        var run = await prefix.UpgradeAsync(await prefix.FakeAsync("7.7.7", "[ \"$1\" = check ] || exit 7"), daemon);

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("Upgrade failed after ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"The upgrade to release 7.7.7 failed; the reason stands above. The link {prefix.Root}/opt/baton/current is back at {before.Current}.", run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, (prefix.Current, string.Join(' ', prefix.Versions)));
        Assert.Equal(1, await Page.GenerationAsync(daemon.Port, Token));
        // And an upgrade from here on works.
        Assert.Equal(2, (await daemon.UpgradeAsync()).Number);
    }

    [Fact]
    public async Task A_daemon_that_was_not_started_through_the_link_is_not_taken_for_upgraded()
    {
        using var prefix = new ReleasePrefix();
        await prefix.InstallAsync(await archive.PathAsync());
        var release = Path.Combine(prefix.Releases, prefix.Versions[0], "baton");
        await using var daemon = await DaemonProcess.StartAsync(Config(), new DaemonStart { Command = [release] });

        var run = await prefix.UpgradeAsync(await prefix.FakeAsync("7.7.7"), daemon);

        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("not to release 7.7.7: it was not started through", run.Errors, StringComparison.Ordinal);
        Assert.Equal($"releases/{prefix.Versions[0]}", prefix.Current);
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:01").Baton("IdleLinger", "00:00:00.200");
}
