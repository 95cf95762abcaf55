using System.Net;
using System.Net.Sockets;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Failures;

/// <summary>The successor starts, and finds that it cannot do what its configuration says.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public async Task An_invalid_configuration()
    {
        await using var scene = await FailureScene.StartAsync();
        var broken = new ConfigBuilder().Listen().ForwardTo("http://127.0.0.1:1")
            .Baton("DrainTimeOut2", "00:00:01")
            .Baton("Probation", "a while")
            .Set("ReverseProxy:Routes:lost:ClusterId", "nowhere")
            .Set("Kestrel:Endpoints:bad:Url", "gopher://127.0.0.1:70");
        broken.WriteTo(scene.Daemon.ConfigFile);

        var error = await scene.FailUpgradeAsync();

        // Every one of them, in the one event of the old generation.
        Assert.All(["DrainTimeOut2", "a while", "lost", "gopher"], word => Assert.Contains(word, error, StringComparison.Ordinal));
        await scene.AssertNothingHappenedAsync(() => scene.Config.WriteTo(scene.Daemon.ConfigFile), "is refused and the old routes stay");
    }

    [Fact]
    public async Task A_configuration_that_is_no_JSON()
    {
        await using var scene = await FailureScene.StartAsync();
        await File.WriteAllTextAsync(scene.Daemon.ConfigFile, "{\n  \"Kestrel\": {{\n", TestContext.Current.CancellationToken);

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, $"{scene.Daemon.ConfigFile}:2:");
        await scene.AssertNothingHappenedAsync(() => scene.Config.WriteTo(scene.Daemon.ConfigFile), "is refused and the old routes stay");
    }

    [Fact]
    public async Task A_configuration_file_that_is_gone()
    {
        await using var scene = await FailureScene.StartAsync();
        File.Delete(scene.Daemon.ConfigFile);

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, scene.Daemon.ConfigFile);
        FailureScene.AssertSays(error, "There is no such file");
        await scene.AssertNothingHappenedAsync(() => scene.Config.WriteTo(scene.Daemon.ConfigFile), "cannot be read, so the old routes stay");
    }

    [Fact]
    public async Task A_port_that_is_taken_by_a_stranger()
    {
        await using var scene = await FailureScene.StartAsync();
        using var stranger = new TcpListener(IPAddress.Loopback, FreePort.Next());
        stranger.Start();
        var taken = (IPEndPoint)stranger.LocalEndpoint;
        scene.Config.Listen($"http://{taken}", name: "taken").WriteTo(scene.Daemon.ConfigFile);

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, $"{taken}");
        FailureScene.AssertSays(error, $"ss -ltnp 'sport = :{taken.Port}'");
        await scene.AssertNothingHappenedAsync(stranger.Dispose);
        Assert.Contains(taken.Port, scene.Daemon.Ports);
    }
}
