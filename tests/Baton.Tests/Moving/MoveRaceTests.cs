using System.Globalization;
using System.Text.RegularExpressions;
using Baton.Tests.Clients;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>Hundreds of moves while every connection speaks: whatever the moment of a byte, it is read once.</summary>
public sealed partial class MoveRaceTests
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

    [Fact]
    public async Task Whoever_asks_again_at_once_is_answered_by_the_predecessor_no_more_than_once()
    {
        await using var scene = await MoveScene.StartAsync();
        var client = new InFlightClient(scene.Daemon.Port, 60, 200); // Together, so that many are quicker than the server.
        await RunAsync(scene, client);
        var finished = scene.Daemon.Log.Lines.Select(line => FinishedRequests().Match(line)).Where(match => match.Success).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Upgrades, finished.Count);
        Assert.All(finished, count => Assert.InRange(count, 0, client.Lanes));
    }

    [GeneratedRegex(@"handed over to .* (\d+) requests finished")]
    private static partial Regex FinishedRequests();

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
