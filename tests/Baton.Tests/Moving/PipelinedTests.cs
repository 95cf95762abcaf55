using Baton.Tests.Clients;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>Several requests in one segment (RFC 9112, 9.3.2) around an upgrade: all are answered, in order, on their connection.</summary>
public sealed class PipelinedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Behind_a_request_in_flight_they_are_answered_in_order(int count)
    {
        await using var scene = await MoveScene.StartAsync();
        var connection = await scene.ConnectAsync();
        var ids = await SendAsync(scene, connection, count, milliseconds: 3000);
        await scene.Backend.WaitForInFlightAsync(1, Token);
        var predecessor = scene.Daemon.Current;
        await scene.Daemon.UpgradeAsync();

        await ExpectAllAsync(connection, ids);
        await scene.WaitForExitAsync(predecessor);
        await scene.AskAsync(connection);
        scene.AssertReceivedOnce(ids);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task At_any_moment_of_an_upgrade_they_are_answered_in_order(int count)
    {
        await using var scene = await MoveScene.StartAsync();
        var predecessor = scene.Daemon.Current;
        var upgrade = scene.Daemon.UpgradeAsync();
        var sent = new List<(Http1Connection Connection, IReadOnlyList<string> Ids)>();
        // A few more when the successor serves already: its predecessor drains meanwhile.
        for (var late = 0; late < 20; late += upgrade.IsCompleted ? 1 : 0)
        {
            var connection = await scene.ConnectAsync();
            sent.Add((connection, await SendAsync(scene, connection, count, milliseconds: 1000)));
            await Task.Delay(10, Token);
        }
        await upgrade;

        foreach (var (connection, ids) in sent)
            await ExpectAllAsync(connection, ids);
        await scene.WaitForExitAsync(predecessor);
        foreach (var (connection, ids) in sent)
        {
            await scene.AskAsync(connection);
            scene.AssertReceivedOnce(ids);
        }
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task One_of_which_only_half_has_come_is_answered_by_whoever_has_the_first_half()
    {
        await using var scene = await MoveScene.StartAsync();
        var connection = await scene.ConnectAsync();
        var (first, second) = (scene.NextId(), scene.NextId());
        await connection.SendAsync($"GET /slow?ms=3000&id={first} HTTP/1.1\r\nHost: x\r\n\r\nGET /echo?id={second} HT", Token);
        await scene.Backend.WaitForInFlightAsync(1, Token);
        var predecessor = scene.Daemon.Current;
        await scene.Daemon.UpgradeAsync();

        await MoveScene.ExpectAsync(connection, first);
        await connection.SendAsync("TP/1.1\r\nHost: x\r\n\r\n", Token);
        await MoveScene.ExpectAsync(connection, second);
        await scene.WaitForExitAsync(predecessor);
        await scene.AskAsync(connection);
        scene.AssertReceivedOnce(first, second);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    private static async Task<IReadOnlyList<string>> SendAsync(MoveScene scene, Http1Connection connection, int count, int milliseconds)
    {
        List<string> ids = [.. Enumerable.Range(0, count).Select(_ => scene.NextId())];
        var rest = ids.Skip(1).Select(id => $"GET /echo?id={id} HTTP/1.1\r\nHost: x\r\n\r\n");
        await connection.SendAsync($"GET /slow?ms={milliseconds}&id={ids[0]} HTTP/1.1\r\nHost: x\r\n\r\n{string.Concat(rest)}", Token);
        return ids;
    }

    private static async Task ExpectAllAsync(Http1Connection connection, IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
            await MoveScene.ExpectAsync(connection, id);
    }
}
