using Baton.Tests.Clients;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>Hundreds of moves while every connection speaks: whatever the moment of a byte, it is read once.</summary>
public sealed class MoveRaceTests
{
    private const int Upgrades = 12;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_with_tiny_pauses_are_answered_once_over_upgrades_back_to_back()
    {
        await using var scene = await MoveScene.StartAsync();
        await RunAsync(scene, new OriginalConnectionClient(scene.Daemon.Port, 40, pauses: true));
    }

    [Fact]
    public async Task Pipelined_requests_torn_anywhere_are_answered_once_over_upgrades_back_to_back()
    {
        await using var scene = await MoveScene.StartAsync();
        await RunAsync(scene, new PipeliningClient(scene.Daemon.Port, 40));
    }

    private static async Task RunAsync(MoveScene scene, Client client)
    {
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), scene.Backend).Add(client);
        await traffic.StartAsync(Token);
        for (var upgrade = 0; upgrade < Upgrades && client.Report.Failures.Count == 0; upgrade++)
            await scene.Daemon.UpgradeAsync();

        if (client.Report.Failures.Count == 0)
            await traffic.WaitForAnswersAsync(client.Lanes, cancellationToken: Token);
        await traffic.StopAsync(Token);
        TestContext.Current.SendDiagnosticMessage(traffic.Summary());
        traffic.AssertNothingLost();
        Assert.Equal((client.Lanes, 0), (client.Report.Connections, client.Report.AskedToClose));
        await scene.Daemon.WaitForOneProcessAsync();
        scene.Daemon.AssertNoUnexpectedWarnings();
    }
}
