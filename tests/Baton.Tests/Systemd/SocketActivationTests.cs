using Baton.Tests.Daemon;
using Baton.Tests.Releases;
using Xunit;

namespace Baton.Tests.Systemd;

/// <summary>A socket unit that listens in the service's place.</summary>
public sealed class SocketActivationTests(SystemdLab lab, ReleaseArchive archive) : LabTests(lab, archive)
{
    private const string DropIn = "/etc/systemd/system/baton.socket.d/test.conf";

    [Fact]
    public async Task The_first_connection_starts_the_service_and_reloads_and_restarts_lose_none()
    {
        // The address of the unit holds, found by the name of the endpoint: its own Url is another.
        await using var service = await Service.PrepareAsync(Lab, Config(name: "Http"));
        await ListenAsync("Http");
        Assert.Equal("inactive", await service.ShowAsync("ActiveState"));
        Assert.Contains("generation  1", await Page.GetAsync(Port, Token), StringComparison.Ordinal);

        // It answers before systemd has read that it does, and a reload of what is still being started is none.
        await service.WaitForAsync("ActiveState", "active");
        for (var reload = 0; reload < 2; reload++)
            Assert.Equal(0, (await service.ControlAsync("reload")).Code);
        Assert.Contains("generation  3", await Page.GetAsync(Port, Token), StringComparison.Ordinal);
        Assert.Equal(0, (await service.ControlAsync("stop")).Code);
        Assert.Contains("generation  1", await Page.GetAsync(Port, Token), StringComparison.Ordinal);
        await service.KillAsync("KILL", await service.MainPidAsync());
        Assert.Contains("generation  1", await Page.GetAsync(Port, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_no_endpoint_uses_is_named_with_what_to_do()
    {
        await using var service = await Service.PrepareAsync(Lab, Config(name: "Http"));
        await ListenAsync("Htpp");
        Assert.Equal(0, (await service.ControlAsync("start")).Code);
        await service.WaitForJournalAsync($"systemd has passed a socket named 'Htpp' that listens on 127.0.0.1:{Port}, but no endpoint");
    }

    private async Task ListenAsync(string name)
    {
        await Lab.RunAsync("mkdir", "-p", Path.GetDirectoryName(DropIn)!);
        await File.WriteAllTextAsync($"{Lab.Root}{DropIn}", $"[Socket]\nListenStream=\nListenStream=127.0.0.1:{Port}\nFileDescriptorName={name}\n", Token);
        await Lab.RunAsync("systemctl", "daemon-reload");
        await Lab.RunAsync("systemctl", "start", "baton.socket");
    }

    private static ConfigBuilder Config(string name) => new ConfigBuilder().Listen($"http://127.0.0.1:{FreePort.Next()}", name: name).Baton("Probation", "00:00:00.300");
}
