using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>Requests of which an upgrade finds only a part: each is answered once, and its connection moves then.</summary>
public sealed class WrongMomentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_head_cut_at_any_place_is_answered_once(bool hasSpoken) =>
        AnswersOnceWhereverCutAsync(hasSpoken, id => $"GET /echo?id={id} HTTP/1.1\r\nHost: x\r\nX: y\r\n\r\n");

    [Fact]
    public Task A_body_with_a_length_cut_at_any_place_is_answered_once() =>
        AnswersOnceWhereverCutAsync(hasSpoken: true, id => $"POST /echo?id={id} HTTP/1.1\r\nHost: x\r\nContent-Length: {id.Length}\r\n\r\n{id}");

    [Fact]
    public Task A_body_in_chunks_cut_at_any_place_is_answered_once() =>
        AnswersOnceWhereverCutAsync(hasSpoken: true, id =>
            $"POST /echo?id={id} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{id[..3]}\r\n{id.Length - 3:x}\r\n{id[3..]}\r\n0\r\n\r\n");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_body_arrives_whole(bool chunked)
    {
        const int Length = 1_000_000;
        await using var scene = await MoveScene.StartAsync();
        var connection = await scene.ConnectAsync();
        var id = scene.NextId();
        var pieces = KnownBody.Pieces(Length).Select(piece => piece.ToArray()).ToList();
        await connection.SendAsync($"POST /upload?id={id} HTTP/1.1\r\nHost: x\r\n{(chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {Length}")}\r\n\r\n", Token);
        foreach (var piece in pieces.Take(pieces.Count / 2))
            await SendPieceAsync(piece);
        await scene.Backend.WaitForInFlightAsync(1, Token);
        var predecessor = scene.Daemon.Current;
        await scene.Daemon.UpgradeAsync();

        foreach (var piece in pieces.Skip(pieces.Count / 2))
            await SendPieceAsync(piece);
        if (chunked)
            await connection.SendAsync("0\r\n\r\n", Token);
        await MoveScene.ExpectAsync(connection, $"{KnownBody.Sha256(Length)} {Length}");
        await scene.WaitForExitAsync(predecessor);
        await scene.AskAsync(connection);
        scene.AssertReceivedOnce(id);
        scene.Daemon.AssertNoUnexpectedWarnings();

        async Task SendPieceAsync(byte[] piece)
        {
            if (chunked)
                await connection.SendAsync($"{piece.Length:x}\r\n", Token);
            await connection.SendAsync(piece, Token);
            if (chunked)
                await connection.SendAsync("\r\n", Token);
        }
    }

    [Fact]
    public async Task Requests_that_come_byte_by_byte_are_answered()
    {
        await using var scene = await MoveScene.StartAsync();
        await using var traffic = new Traffic(TimeSpan.FromMinutes(1), scene.Backend).Add(new DripClient(scene.Daemon.Port, connections: 10));
        await traffic.StartAsync(Token);
        for (var upgrade = 0; upgrade < 5; upgrade++)
        {
            await scene.MoveAsync(traffic);
            await traffic.WaitForAnswersAsync(10, cancellationToken: Token);
        }

        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        Assert.Equal(10, traffic.Reports[0].Connections);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Who_waits_for_100_Continue_gets_it_and_the_answer()
    {
        const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";
        await using var scene = await MoveScene.StartAsync();
        var connection = await scene.ConnectAsync();
        var id = scene.NextId();
        await connection.SendAsync($"POST /echo?id={id} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {id.Length}\r\n\r\n", Token);
        var interim = new byte[Continue.Length];
        await connection.Reader.ReadExactlyAsync(interim, Token);
        Assert.Equal(Continue, System.Text.Encoding.ASCII.GetString(interim));
        var predecessor = scene.Daemon.Current;
        await scene.Daemon.UpgradeAsync();

        await connection.SendAsync(id, Token);
        await MoveScene.ExpectAsync(connection, id);
        await scene.WaitForExitAsync(predecessor);
        await scene.AskAsync(connection);
        scene.AssertReceivedOnce(id);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    private static async Task AnswersOnceWhereverCutAsync(bool hasSpoken, Func<string, string> request)
    {
        await using var scene = await MoveScene.StartAsync();
        var requests = new List<HalfSentRequest>();
        var ids = new List<string>();
        for (var at = 1; at < request(NewId()).Length; at++)
        {
            var connection = await scene.ConnectAsync();
            if (hasSpoken)
                await scene.AskAsync(connection);
            ids.Add(NewId());
            requests.Add(new HalfSentRequest(connection, request(ids[^1]), at, ids[^1]));
        }
        foreach (var half in requests)
            await half.SendFirstPartAsync(Token);
        var predecessor = scene.Daemon.Current;
        await scene.Daemon.UpgradeAsync();

        var wrong = (await Task.WhenAll(requests.Select(half => half.FinishAsync(Token)))).OfType<string>().ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {requests.Count}:{Environment.NewLine}{string.Join(Environment.NewLine, wrong.Take(20))}");
        await scene.WaitForExitAsync(predecessor);
        foreach (var half in requests)
            await scene.AskAsync(half.Connection);
        scene.AssertReceivedOnce(ids);
        scene.Daemon.AssertNoUnexpectedWarnings();

        // All of the same length, so that every cut is made.
        string NewId() => $"cut-{Guid.NewGuid():N}"[..12];
    }
}
