using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Baton.Tests.Releases;
using Xunit;

namespace Baton.Tests.Systemd;

/// <summary>The .deb on a real system: installed, upgraded in place, and removed.</summary>
[Collection(ServiceTests.Collection)]
public sealed class PackageTests(SystemdLab lab, ReleaseArchive archive) : IAsyncLifetime
{
    private readonly int _port = FreePort.Next();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(SystemdLab.Missing is not null, SystemdLab.Missing ?? "");
        await lab.BootAsync(archive, Token);
        await lab.RunAsync("/opt/archive/install.sh", "--uninstall", "--purge");
        File.Copy(await archive.DebPathAsync(), $"{lab.Root}/opt/archive/first.deb", overwrite: true);
        File.Copy(await archive.NextDebPathAsync(), $"{lab.Root}/opt/archive/next.deb", overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (SystemdLab.Missing is not null)
            return;
        await lab.RunAsync("dpkg", "--purge", "baton");
        await lab.RunAsync("/opt/archive/install.sh");
    }

    [Fact]
    public async Task A_new_version_takes_over_in_place_and_loses_nothing_and_one_that_cannot_is_told_of()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await lab.RunAsync("dpkg", "-i", "/opt/archive/first.deb");
        Assert.Equal("enabled", (await lab.RunAsync("systemctl", "is-enabled", "baton.service")).Trim());
        await using var service = await Service.PrepareAsync(lab, Config(backend));
        Assert.Equal(0, (await service.ControlAsync("restart")).Code);
        var first = await service.MainPidAsync();
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend).Add(
            new KeepAliveClient(_port, 2, 5), new ConnectionPerRequestClient(_port), new InFlightClient(_port, 2, 1500));
        await traffic.StartAsync(Token);

        service.WriteText("{ broken");
        var (code, output) = await lab.TryAsync("dpkg", "--force-confold", "-i", "/opt/archive/next.deb");
        Assert.NotEqual(0, code);
        Assert.Contains("Mend the cause, then: dpkg --configure -a", output, StringComparison.Ordinal);
        Assert.Equal((first, "active"), (await service.MainPidAsync(), await service.ShowAsync("ActiveState")));
        await traffic.WaitForAnswersAsync(20, cancellationToken: Token);

        service.Write(Config(backend));
        await lab.RunAsync("dpkg", "--force-confold", "--configure", "-a");
        Assert.NotEqual(first, await service.MainPidAsync());
        Assert.Equal("0", await service.ShowAsync("NRestarts"));
        Assert.Contains($"version {ReleaseBuild.Version}) is ready", await service.JournalAsync(), StringComparison.Ordinal);
        await traffic.WaitForAnswersAsync(20, cancellationToken: Token);
        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();

        await lab.RunAsync("dpkg", "--remove", "baton");
        Assert.Equal("inactive", await service.ShowAsync("ActiveState"));
    }

    private ConfigBuilder Config(Backend backend) => new ConfigBuilder().Listen($"http://127.0.0.1:{_port}").ForwardTo(backend.Address).Baton("Probation", "00:00:00.300");
}
