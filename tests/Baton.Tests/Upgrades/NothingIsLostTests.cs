using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Upgrades;

/// <summary>The promise: every kind of client, over ten upgrades, loses nothing.</summary>
public sealed class NothingIsLostTests
{
    private const int Upgrades = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_ten_upgrades_no_client_loses_anything()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = new ConfigBuilder().Listen().Listen(protocols: "Http2").ForwardTo(backend.Address).Baton("DrainTimeout", "00:00:10");
        await using var daemon = await DaemonProcess.StartAsync(config, new DaemonStart { Listeners = 2 });
        await using var traffic = new Traffic(TimeSpan.FromMinutes(4), backend).Add(
            new KeepAliveClient(daemon.Port, connections: 4),
            new KeepAliveClient(daemon.Port, connections: 8, longestPauseMilliseconds: 50),
            new ConnectionPerRequestClient(daemon.Port),
            new IdleAcrossClient(daemon.Port, 200, reopens: true),
            new FreshAcrossClient(daemon.Port, 200),
            new InFlightClient(daemon.Port, 50, 3000),
            new SlowDownloadClient(daemon.Port, 5, 20_000_000, 8_000_000),
            new SlowUploadClient(daemon.Port, 5, 4_000_000, TimeSpan.FromSeconds(2)),
            new EventStreamClient(daemon.Port, 5),
            new WebSocketEchoClient(daemon.Port, 50, 100, reopens: true),
            new Http2Client(daemon.Ports[1], 4, 4));
        await traffic.StartAsync(Token);

        for (var upgrade = 0; upgrade < Upgrades; upgrade++)
        {
            await daemon.UpgradeAsync();
            await traffic.SpeakAsync(Token);
            await traffic.WaitForAnswersAsync(1, cancellationToken: Token);
        }

        await traffic.StopAsync(Token);
        TestContext.Current.SendDiagnosticMessage(traffic.Summary());
        traffic.AssertNothingLost(daemon.Log);
        await daemon.WaitForOneProcessAsync();
        daemon.AssertNoUnexpectedWarnings("tunnel of route");
    }
}
