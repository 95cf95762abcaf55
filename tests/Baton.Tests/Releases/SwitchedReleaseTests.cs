using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Releases;

/// <summary>Two builds of different versions, each in its directory, and a symlink that is switched from one to the other.</summary>
public sealed class SwitchedReleaseTests(ReleaseArchive archive)
{
    public enum Start
    {
        Absolute,
        Relative,
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Start.Absolute)]
    [InlineData(Start.Relative)]
    public async Task The_release_behind_the_switched_symlink_takes_over(Start how)
    {
        var next = await archive.NextProgramAsync();
        using var program = new InstalledProgram();
        await using var daemon = await DaemonProcess.StartAsync(Config(), Command(how, program));
        var before = daemon.Current.Version;
        var command = CommandLine(daemon.FirstPid);
        Assert.NotEqual(ReleaseArchive.NextVersion, before);
        Assert.Contains($"version     {before}", await Page.GetAsync(daemon.Port, Token), StringComparison.Ordinal);

        program.PointTo(next);
        var second = await daemon.UpgradeAsync();

        Assert.Equal((2, ReleaseArchive.NextVersion), (second.Number, second.Version));
        Assert.Contains($"version     {ReleaseArchive.NextVersion}", await Page.GetAsync(daemon.Port, Token), StringComparison.Ordinal);
        Assert.Equal(command, CommandLine(second.Pid));
        await daemon.WaitForLogAsync($"version {before}) handed over to 2 (pid {second.Pid}, version {ReleaseArchive.NextVersion})");
        // And back, which is how a bad release is taken out of service.
        program.PointToRelease();
        Assert.Equal(before, (await daemon.UpgradeAsync()).Version);
        await daemon.WaitForOneProcessAsync();
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Between_two_releases_nothing_is_lost()
    {
        var next = await archive.NextProgramAsync();
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        using var program = new InstalledProgram();
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address), new DaemonStart { Command = [program.Command] });
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend).Add(
            new KeepAliveClient(daemon.Port, 2, 5), new ConnectionPerRequestClient(daemon.Port), new InFlightClient(daemon.Port, 5, 2000));
        await traffic.StartAsync(Token);

        for (var upgrade = 0; upgrade < 4; upgrade++)
        {
            program.PointTo(upgrade % 2 == 0 ? next : program.Release);
            var generation = await daemon.UpgradeAsync();
            Assert.Equal(upgrade % 2 == 0, generation.Version == ReleaseArchive.NextVersion);
            await traffic.WaitForAnswersAsync(3, cancellationToken: Token);
        }

        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        await daemon.WaitForOneProcessAsync();
        daemon.AssertNoUnexpectedWarnings();
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:01");

    private static DaemonStart Command(Start how, InstalledProgram program) => how switch
    {
        Start.Absolute => new DaemonStart { Command = [program.Command] },
        _ => new DaemonStart { Command = ["/bin/bash", "-c", "exec current/baton \"$@\"", "bash"], WorkingDirectory = program.Root },
    };

    private static string CommandLine(int pid) => File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
}
