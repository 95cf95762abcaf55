using System.Security.Cryptography;
using System.Text;
using Baton.Tests.Backends;
using Xunit;

namespace Baton.Tests.Clients;

/// <summary>The faults that the WebSocket client must see, and the ends that it must tell from them.</summary>
public sealed class WebSocketFaultsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "reset")]
    [InlineData(false, "end of file")]
    public async Task WebSocket_EndedWithoutACloseFrame_IsAFailure(bool reset, string happened)
    {
        await using var server = new FaultyServer(async connection =>
        {
            await UpgradeAsync(connection);
            await EchoAsync(connection);
            await ReadMessageAsync(connection);
            if (reset)
                connection.Reset();
        });
        var client = new WebSocketEchoClient(server.Port);

        var lost = await FaultyTraffic.LostAsync(client);

        Assert.Contains($"echo message 2: {happened}", lost[0], StringComparison.Ordinal);
        Assert.Contains("no close frame", client.Report.Ends.Keys.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebSocket_EchoOfAnotherMessage_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await UpgradeAsync(connection);
            await connection.WriteAsync(new byte[] { 0x81, 1, (byte)'?' });
        });

        var lost = await FaultyTraffic.LostAsync(new WebSocketEchoClient(server.Port));

        Assert.Contains("'?' (Text) came ", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebSocket_NotUpgraded_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.AnswerAsync("no");
        });

        var lost = await FaultyTraffic.LostAsync(new WebSocketEchoClient(server.Port));

        Assert.EndsWith("open a WebSocket: answered 'HTTP/1.1 200 OK' instead of switching protocols", lost[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "close 1001")]
    [InlineData(true, "close 1001 with one message unanswered")]
    public async Task WebSocket_CloseFrame_IsObeyedAndReportedWithItsCode(bool afterMessage, string end)
    {
        byte[] close = [0x88, 2, 0x03, 0xE9];
        await using var server = new FaultyServer(async connection =>
        {
            await UpgradeAsync(connection);
            if (connection.Number == 1)
            {
                // In one piece with the echo it comes while nothing is asked.
                await EchoAsync(connection, afterMessage ? [] : close);
                if (afterMessage)
                {
                    await ReadMessageAsync(connection);
                    await connection.WriteAsync(close);
                }
                Assert.Equal(0x88, (await connection.ReadAsync(8))[0]);
                return;
            }
            while (true)
                await EchoAsync(connection);
        });
        var client = new WebSocketEchoClient(server.Port, pauseMilliseconds: 1);
        await using var traffic = new Traffic(TimeSpan.FromSeconds(10)).Add(client);

        await traffic.StartAsync(Token);
        await traffic.WaitForAnswersAsync(2, cancellationToken: Token);
        await traffic.StopAsync(Token);

        traffic.AssertNothingLost();
        Assert.Equal(1, client.Report.Ends[end]);
        Assert.Equal(1, client.Report.AskedToClose);
        Assert.Equal(2, client.Report.Connections);
    }

    internal static async Task UpgradeAsync(FaultyConnection connection)
    {
        const string Name = "Sec-WebSocket-Key: ";
        var head = await connection.ReadHeadAsync();
        var key = head.Split("\r\n").Single(line => line.StartsWith(Name, StringComparison.Ordinal))[Name.Length..];
#pragma warning disable CA5350 // The protocol's own (RFC 6455, 4.2.2).
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await connection.WriteAsync($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
    }

    private static async Task EchoAsync(FaultyConnection connection, params byte[] more)
    {
        var (opcode, text) = await ReadMessageAsync(connection);
        if (opcode == 0x88)
        {
            await connection.WriteAsync(new byte[] { 0x88, 2, text[0], text[1] });
            throw new EndOfStreamException();
        }
        await connection.WriteAsync((byte[])[opcode, (byte)text.Length, .. text, .. more]);
    }

    private static async Task<(byte Opcode, byte[] Text)> ReadMessageAsync(FaultyConnection connection)
    {
        var start = await connection.ReadAsync(6);
        var text = await connection.ReadAsync(start[1] & 0x7F);
        for (var at = 0; at < text.Length; at++)
            text[at] ^= start[2 + (at % 4)];
        return (start[0], text);
    }
}
