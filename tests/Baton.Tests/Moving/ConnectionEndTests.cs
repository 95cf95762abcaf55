using System.Globalization;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>Connections that are about to end, or end meanwhile: they end as they would without an upgrade, and the others move.</summary>
public sealed class ConnectionEndTests
{
    // In milliseconds, far more than anything here takes; it ends a wait for what never comes.
    private const int Deadline = 60_000;
    private const int Bytes = 20_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = Deadline)]
    [InlineData("HTTP/1.1", "Connection: close\r\n")]
    [InlineData("HTTP/1.0", "")]
    public async Task A_request_that_is_the_last_one_is_answered_and_its_connection_closed(string version, string header)
    {
        await using var scene = await MoveScene.StartAsync();
        var connection = await scene.ConnectAsync();
        await scene.AskAsync(connection);
        var id = scene.NextId();
        await connection.SendAsync($"GET /slow?ms=3000&id={id} {version}\r\nHost: x\r\n{header}\r\n", Token);
        var predecessor = await UpgradeInFlightAsync(scene, id);

        var head = await connection.Reader.ReadHeadAsync(Token);
        Assert.Equal(id, await connection.Reader.ReadTextAsync(head, Token));
        Assert.True(head.Closes);
        await connection.Reader.ReadEndAsync(Token);
        await scene.WaitForExitAsync(predecessor);
        scene.AssertReceivedOnce(id);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact(Timeout = Deadline)]
    public async Task An_answer_without_a_length_to_HTTP_1_0_ends_with_the_connection()
    {
        await using var scene = await MoveScene.StartAsync();
        var connection = await scene.ConnectAsync();
        var id = scene.NextId();
        await connection.SendAsync($"GET /events?n=30&ms=100&id={id} HTTP/1.0\r\nHost: x\r\n\r\n", Token);
        var predecessor = await UpgradeInFlightAsync(scene, id);

        var head = await connection.Reader.ReadHeadAsync(Token);
        Assert.Equal((200, null, false), (head.Status, head.ContentLength, head.Chunked));
        var expected = string.Concat(Enumerable.Range(1, 30).Select(number => string.Create(CultureInfo.InvariantCulture, $"id: {number}\ndata: event {number}\n\n")));
        Assert.Equal(expected, await connection.Reader.ReadToEndAsync(Token));
        await scene.WaitForExitAsync(predecessor);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact(Timeout = Deadline)]
    public async Task A_connection_that_HTTP_1_0_keeps_alive_moves()
    {
        await using var scene = await MoveScene.StartAsync();
        var connection = await scene.ConnectAsync();
        for (var round = 0; round < 2; round++)
        {
            var id = scene.NextId();
            await connection.SendAsync($"GET /echo?id={id} HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n", Token);
            await MoveScene.ExpectAsync(connection, id);
            if (round == 0)
                await scene.MoveAsync();
        }
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact(Timeout = Deadline)]
    public async Task A_download_ends_whole_and_then_its_connection_moves()
    {
        await using var scene = await MoveScene.StartAsync();
        var connection = await scene.ConnectAsync(receiveBuffer: 32 * 1024);
        var id = scene.NextId();
        await connection.SendAsync($"GET /bytes?n={Bytes}&id={id} HTTP/1.1\r\nHost: x\r\n\r\n", Token);
        var head = await connection.Reader.ReadHeadAsync(Token);
        Assert.False(head.Closes);
        var predecessor = await UpgradeInFlightAsync(scene, id);
        Assert.Contains(predecessor, scene.Daemon.LiveGenerations());

        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        await connection.Reader.ReadBodyAsync(
            head,
            (piece, _) =>
            {
                hash.AppendData(piece.Span);
                return ValueTask.CompletedTask;
            },
            Token);
        Assert.Equal(KnownBody.Sha256(Bytes), Convert.ToHexString(hash.GetHashAndReset()));
        await scene.WaitForExitAsync(predecessor);
        await scene.AskAsync(connection);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    // A server may take the FIN for the end of the client: so first without an upgrade.
    [Theory(Timeout = Deadline)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clients_that_leave_while_idle_disturb_nobody(bool withReset)
    {
        await using var scene = await MoveScene.StartAsync();
        var connections = new List<Http1Connection>();
        for (var number = 0; number < 100; number++)
        {
            connections.Add(await scene.ConnectAsync());
            await scene.AskAsync(connections[^1]);
        }
        var predecessor = scene.Daemon.Current;
        var upgrade = scene.Daemon.UpgradeAsync();
        // Every other one, spread over the upgrade and a little beyond.
        for (var number = 0; number < connections.Count; number += 2)
        {
            if (withReset)
                connections[number].Reset();
            else
                connections[number].Dispose();
            if (!upgrade.IsCompleted)
                await Task.Delay(20, Token);
        }
        await upgrade;

        await scene.WaitForExitAsync(predecessor);
        for (var number = 1; number < connections.Count; number += 2)
            await scene.AskAsync(connections[number]);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    /// <summary>Upgrades while a request is at the backend; returns the predecessor, which has it still.</summary>
    private static async Task<Generation> UpgradeInFlightAsync(MoveScene scene, string id)
    {
        await scene.Backend.WaitForAsync(id, Token);
        var predecessor = scene.Daemon.Current;
        await scene.Daemon.UpgradeAsync();
        return predecessor;
    }
}
