using System.Text;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Tunnels;

/// <summary>After the 101: what one side sends, the other receives, from the first byte to the last.</summary>
public sealed class TunnelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_WebSocket_echoes()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address));
        using var socket = await WebSocketConnection.OpenAsync(daemon.Port, "/ws", new ClientReport("echo"), Token);
        foreach (var length in new[] { 1, 125, 5000, 60000 })
        {
            var payload = Encoding.ASCII.GetBytes(new string('x', length));
            await socket.SendAsync(new WebSocketFrame(WebSocketOpcode.Text, true, payload), Token);
            Assert.Equal(payload, (await socket.ReceiveAsync(Token)).Payload);
        }

        await socket.SendAsync(new WebSocketFrame(WebSocketOpcode.Close, true, [0x03, 0xE8]), Token);
        Assert.Equal(1000, (await socket.ReceiveAsync(Token)).CloseCode);
        await socket.ReceiveEndAsync(Token);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_protocol_that_is_no_WebSocket_is_switched_to_as_well()
    {
        await using var scene = await UpgradeScene.StartAsync(async connection =>
        {
            await connection.WriteAsync(UpgradeScene.Switching("foo", "X-Of-Destination: yes\r\n"));
            await connection.WriteAsync(Encoding.ASCII.GetString(await connection.ReadAsync(5)).ToUpperInvariant());
            await connection.ReadToEndAsync();
        });

        var (client, head) = await scene.AskAsync("foo");
        await client.SendAsync("hello", scene.Token);

        Assert.Equal("HELLO", await ReadAsync(scene, client, 5));
        Assert.Equal("HTTP/1.1 101 Switching Protocols", head.StatusLine);
        Assert.Equal("Upgrade", head.Headers["Connection"]);
        Assert.Equal("foo", head.Headers["Upgrade"]);
        Assert.Equal("yes", head.Headers["X-Of-Destination"]);
        var asked = Assert.Single(scene.Heads);
        Assert.Contains("\r\nConnection: Upgrade\r\n", asked, StringComparison.Ordinal);
        Assert.Contains("\r\nUpgrade: foo\r\n", asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(5000)]
    [InlineData(70000)]
    public async Task What_the_destination_sends_in_one_piece_with_its_head_is_not_lost(int length)
    {
        var first = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 23))));
        await using var scene = await UpgradeScene.StartAsync(async connection =>
        {
            await connection.WriteAsync(UpgradeScene.Switching("foo") + first);
            await connection.ReadAsync(2);
            await connection.WriteAsync("second");
            await connection.ReadToEndAsync();
        });

        var (client, _) = await scene.AskAsync("foo");
        var received = await ReadAsync(scene, client, length);
        await client.SendAsync("go", scene.Token);

        Assert.Equal(first, received);
        Assert.Equal("second", await ReadAsync(scene, client, 6));
    }

    [Fact]
    public async Task A_head_in_small_pieces_after_an_interim_response_is_read()
    {
        await using var scene = await UpgradeScene.StartAsync(async connection =>
        {
            foreach (var piece in ("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + UpgradeScene.Switching("foo") + "first").Chunk(7))
                await connection.WriteAsync(new string(piece));
            await connection.ReadToEndAsync();
        });

        var (client, head) = await scene.AskAsync("foo");

        Assert.Equal(101, head.Status);
        Assert.Equal("first", await ReadAsync(scene, client, 5));
    }

    [Fact]
    public async Task The_end_of_either_side_ends_the_other()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scene = await UpgradeScene.StartAsync(async connection =>
        {
            await connection.WriteAsync(UpgradeScene.Switching("foo"));
            if (connection.Number == 1)
                await connection.ReadToEndAsync();
            ended.TrySetResult();
        });

        var (first, _) = await scene.AskAsync("foo");
        first.Dispose();
        await ended.Task.WaitAsync(scene.Token);
        var (second, _) = await scene.AskAsync("foo");
        await second.Reader.ReadEndAsync(scene.Token);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_client_that_has_finished_sending_still_receives()
    {
        await using var scene = await UpgradeScene.StartAsync(async connection =>
        {
            await connection.WriteAsync(UpgradeScene.Switching("foo"));
            await connection.ReadToEndAsync();
            await connection.WriteAsync("all received");
        });

        var (client, _) = await scene.AskAsync("foo");
        await client.SendAsync("the last", scene.Token);
        client.EndSending();

        Assert.Equal("all received", await ReadAsync(scene, client, 12));
        await client.Reader.ReadEndAsync(scene.Token);
    }

    [Fact]
    public async Task A_destination_that_has_finished_sending_still_receives()
    {
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scene = await UpgradeScene.StartAsync(async connection =>
        {
            await connection.WriteAsync(UpgradeScene.Switching("foo") + "the last");
            connection.EndSending();
            received.SetResult(Encoding.ASCII.GetString(await connection.ReadAsync(12)));
        });

        var (client, _) = await scene.AskAsync("foo");
        Assert.Equal("the last", await ReadAsync(scene, client, 8));
        await client.Reader.ReadEndAsync(scene.Token);
        await client.SendAsync("all received", scene.Token);

        Assert.Equal("all received", await received.Task.WaitAsync(scene.Token));
    }

    private static async Task<string> ReadAsync(UpgradeScene scene, Http1Connection client, int length)
    {
        var bytes = new byte[length];
        await client.Reader.ReadExactlyAsync(bytes, scene.Token);
        return Encoding.Latin1.GetString(bytes);
    }
}
