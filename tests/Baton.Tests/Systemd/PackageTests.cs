using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Releases;
using Xunit;

namespace Baton.Tests.Systemd;

/// <summary>The .deb on a real system: installed, upgraded in place, and removed.</summary>
public sealed class PackageTests(SystemdLab lab, ReleaseArchive archive) : LabTests(lab, archive)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Lab.RunAsync("/opt/archive/install.sh", "--uninstall", "--purge");
        File.Copy(await Archive.DebPathAsync(), $"{Lab.Root}/opt/archive/first.deb", overwrite: true);
        File.Copy(await Archive.NextDebPathAsync(), $"{Lab.Root}/opt/archive/next.deb", overwrite: true);
    }

    public override async ValueTask DisposeAsync()
    {
        if (SystemdLab.Missing is null)
        {
            await Lab.RunAsync("dpkg", "--purge", "baton");
            await Lab.RunAsync("/opt/archive/install.sh");
        }

        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_new_version_takes_over_in_place_and_loses_nothing_and_one_that_cannot_is_told_of()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await Lab.RunAsync("dpkg", "-i", "/opt/archive/first.deb");
        Assert.Equal("enabled", (await Lab.RunAsync("systemctl", "is-enabled", "baton.service")).Trim());
        await using var service = await Service.PrepareAsync(Lab, Config().ForwardTo(backend.Address));
        Assert.Equal(0, (await service.ControlAsync("restart")).Code);
        var first = await service.MainPidAsync();
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend).Add(
            new KeepAliveClient(Port, 2, 5), new ConnectionPerRequestClient(Port), new InFlightClient(Port, 2, 1500));
        await traffic.StartAsync(Token);

        service.WriteText("{ broken");
        var (code, output) = await Lab.TryAsync("dpkg", "--force-confold", "-i", "/opt/archive/next.deb");
        Assert.NotEqual(0, code);
        Assert.Contains("Mend the cause, then: dpkg --configure -a", output, StringComparison.Ordinal);
        Assert.Equal((first, "active"), (await service.MainPidAsync(), await service.ShowAsync("ActiveState")));
        await traffic.WaitForAnswersAsync(20, cancellationToken: Token);

        service.Write(Config().ForwardTo(backend.Address));
        await Lab.RunAsync("dpkg", "--force-confold", "--configure", "-a");
        Assert.NotEqual(first, await service.MainPidAsync());
        Assert.Equal("0", await service.ShowAsync("NRestarts"));
        await service.WaitForJournalAsync($"version {ReleaseArchive.NextVersion}) is ready");
        await traffic.WaitForAnswersAsync(20, cancellationToken: Token);
        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();

        await Lab.RunAsync("dpkg", "--remove", "baton");
        Assert.Equal("inactive", await service.ShowAsync("ActiveState"));
    }
}
