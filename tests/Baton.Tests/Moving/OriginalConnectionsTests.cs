using Baton.Tests.Clients;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>The promise: over ten upgrades every plaintext connection lives on, whatever it was doing.</summary>
public sealed class OriginalConnectionsTests
{
    private const int Upgrades = 10;
    private static readonly TimeSpan Probation = TimeSpan.FromMilliseconds(500);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_ten_upgrades_no_connection_is_closed_and_nothing_is_lost()
    {
        await using var scene = await MoveScene.StartAsync(config => config.Baton("Probation", Probation));
        var port = scene.Daemon.Port;
        var idle = new IdleAcrossClient(port, 200, reopens: false);
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), scene.Backend).Add(
            idle,
            new SilentFirstClient(port, 200, Upgrades - 1, Upgrades - 1),
            new SilentFirstClient(port, 200, 0, Upgrades - 1),
            new OriginalConnectionClient(port, 50),
            new WebSocketConversationClient(port, 50));
        await traffic.StartAsync(Token);

        for (var upgrade = 1; upgrade <= Upgrades; upgrade++)
        {
            var predecessor = scene.Daemon.Current;
            var successor = await scene.Daemon.UpgradeAsync();
            var ready = TimeProvider.System.GetTimestamp();
            await scene.WaitForExitAsync(predecessor, () => MoveScene.HasFailed(traffic));
            if (MoveScene.HasFailed(traffic))
                break;
            TestContext.Current.SendDiagnosticMessage(
                $"generation {predecessor.Number} was gone {(TimeProvider.System.GetElapsedTime(ready) - Probation).TotalMilliseconds:0} ms after the end of its probation");
            await traffic.SpeakAsync(Token);
            await traffic.WaitForAnswersAsync(1, cancellationToken: Token);
            Assert.Equal(successor, Assert.Single(scene.Daemon.LiveGenerations()));
        }

        await traffic.StopAsync(Token);
        TestContext.Current.SendDiagnosticMessage(traffic.Summary());
        traffic.AssertNothingLost();
        Assert.All(traffic.Reports, report => Assert.Equal((0, 0), (report.AskedToClose, report.ClosedWhileIdle)));
        Assert.Equal([200, 200, 200, 50, 50], traffic.Reports.Select(report => report.Connections));
        Assert.Equal(200 * (Upgrades + 1), idle.Report.Answered);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }
}
