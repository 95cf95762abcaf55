using Baton.Tests.Backends;
using Xunit;

namespace Baton.Tests.Clients;

/// <summary>The clients that must stay on their connection see nothing wrong where nothing is, and every answer that asks them to leave.</summary>
public sealed class MovingClientsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Against_the_backend_they_lose_nothing()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var traffic = new Traffic(TimeSpan.FromSeconds(60), backend).Add(
            new OriginalConnectionClient(backend.Port, 3),
            new OriginalConnectionClient(backend.Port, 3, pauses: true),
            new PipeliningClient(backend.Port, 3),
            new DripClient(backend.Port, 3),
            new SilentFirstClient(backend.Port, 6, 0, 2),
            new SilentFirstClient(backend.Port, 3, 2, 2),
            new WebSocketConversationClient(backend.Port, 3, pauseMilliseconds: 5),
            new WebSocketConversationClient(backend.Port, 2, pauseMilliseconds: 0));
        await traffic.StartAsync(Token);
        for (var word = 0; word < 3; word++)
            await traffic.SpeakAsync(Token);
        await traffic.WaitForAnswersAsync(20, cancellationToken: Token);
        await traffic.StopAsync(Token);

        traffic.AssertNothingLost();
        Assert.Equal([3, 3, 3, 3, 6, 3, 3, 2], traffic.Reports.Select(report => report.Connections));
        Assert.Equal([12, 3], traffic.Reports.Skip(4).Take(2).Select(report => report.Answered));
    }

    [Theory]
    [InlineData("Connection: close\r\n", "the answer asks to close the connection")]
    [InlineData("", "end of file")]
    public async Task A_connection_that_ends_is_a_failure(string header, string happened)
    {
        await using var server = new FaultyServer(async connection =>
        {
            for (var request = 1; request <= 2; request++)
                await connection.AnswerAsync(FaultyConnection.IdOf(await connection.ReadHeadAsync()), request == 2 ? header : "");
            // Closed with the client's next request unread it would be reset.
            connection.EndSending();
            await connection.ReadToEndAsync();
        });

        var lost = await FaultyTraffic.LostAsync(new OriginalConnectionClient(server.Port));

        Assert.Contains(happened, lost[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "end of file")]
    [InlineData(2, "'3 ' of 2 bytes came as message 2")]
    public async Task A_message_that_is_missing_is_a_failure(int second, string happened)
    {
        await using var server = new FaultyServer(async connection =>
        {
            await WebSocketFaultsTests.UpgradeAsync(connection);
            await connection.WriteAsync(new byte[] { 0x81, 2, (byte)'1', (byte)' ' });
            if (second > 1)
                await connection.WriteAsync(new byte[] { 0x81, 2, (byte)'3', (byte)' ' });
            // Closed with the client's messages unread it would be reset, and what was sent might never be seen.
            connection.EndSending();
            await connection.ReadToEndAsync();
        });

        var lost = await FaultyTraffic.LostAsync(new WebSocketConversationClient(server.Port));

        Assert.Contains($"receive message 2: {happened}", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tunnel_that_loses_a_byte_is_a_failure()
    {
        var lost = false;
        await using var backend = new TunnelServer(sends: true);
        await using var tunnel = await RawTunnel.OpenAsync(new Uri(backend.Address).Port, "direct", sends: true, "test", Token);
        var end = new TunnelEnd(
            async (bytes, token) =>
            {
                // A piece as the server sends it, without its first byte.
                await Task.Yield();
                if (lost)
                    return 0;
                lost = true;
                var piece = new byte[64];
                KnownBody.Fill(piece, 1L << 40);
                piece.AsMemory(1).CopyTo(bytes);
                return 63;
            },
            (_, _) => Task.CompletedTask, isClient: true, sends: false);
        var running = end.RunAsync(Token);
        await end.StopSendingAsync(Token);
        await running;
        Assert.Equal("byte 0 is not the one that was sent", end.Fault);

        // And one that loses none is none.
        var sent = await tunnel.End.StopSendingAsync(Token);
        var server = backend.EndOf("direct");
        var answered = await server.StopSendingAsync(Token);
        await Configuration.Eventually.Holds(() => server.Received == sent && tunnel.End.Received == answered, "everything arrives");
        Assert.Equal((null, null), (tunnel.End.Fault, server.Fault));
    }
}
