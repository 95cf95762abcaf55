using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Baton.Tests.Tunnels;

/// <summary>When the destination does not switch protocols: what the client is told.</summary>
public sealed class UpgradeAnswerTests
{
    private const string ActivityTimeout = "ReverseProxy:Clusters:all:HttpRequest:ActivityTimeout";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Content-Length: 9\r\n\r\nforbidden")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nforb\r\n5\r\nidden\r\n0\r\n\r\n")]
    [InlineData("Connection: close\r\n\r\nforbidden")]
    public async Task A_refusal_reaches_the_client_whole(string rest)
    {
        await using var scene = await UpgradeScene.StartAsync(connection => connection.WriteAsync($"HTTP/1.1 403 No\r\nX-Reason: because\r\n{rest}"));

        var (client, head) = await scene.AskAsync();

        Assert.Equal("HTTP/1.1 403 No", head.StatusLine);
        Assert.Equal("because", head.Headers["X-Reason"]);
        Assert.Equal("forbidden", await client.Reader.ReadTextAsync(head, scene.Token));
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_destination_that_is_down_is_502()
    {
        using var unheard = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unheard.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // Without listen(2) its port refuses.
        await using var scene = await UpgradeScene.StartAsync(_ => Task.CompletedTask, config => config.ForwardTo($"http://{unheard.LocalEndPoint}"));

        Assert.Equal(502, (await scene.AskAsync()).Head.Status);
        await scene.Daemon.WaitForLogAsync("Request: An error was encountered before receiving a response");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 101 Switching Proto")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    public async Task An_answer_that_is_cut_or_is_no_HTTP_is_502(string answer)
    {
        await using var scene = await UpgradeScene.StartAsync(connection => connection.WriteAsync(answer));

        Assert.Equal(502, (await scene.AskAsync()).Head.Status);
    }

    [Fact]
    public async Task An_answer_whose_head_has_no_end_is_502()
    {
        await using var scene = await UpgradeScene.StartAsync(async connection =>
        {
            await connection.WriteAsync("HTTP/1.1 101 Switching Protocols\r\n");
            while (true)
                await connection.WriteAsync($"X-More: {new string('x', 1000)}\r\n");
        });

        Assert.Equal(502, (await scene.AskAsync()).Head.Status);
    }

    [Fact]
    public async Task A_destination_that_does_not_answer_is_504_after_the_activity_timeout()
    {
        await using var scene = await UpgradeScene.StartAsync(connection => connection.ReadToEndAsync(), config => config.Set(ActivityTimeout, "00:00:01"));

        Assert.Equal(504, (await scene.AskAsync()).Head.Status);
    }

    [Fact]
    public async Task A_client_that_goes_away_while_the_destination_does_not_answer_is_let_go()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scene = await UpgradeScene.StartAsync(async connection =>
        {
            await connection.ReadToEndAsync();
            gone.SetResult();
        });
        var client = await scene.SendAsync();
        await scene.Daemon.WaitAsync(() => !scene.Heads.IsEmpty, "ask the destination");
        client.Dispose();

        await gone.Task.WaitAsync(scene.Token);
        await scene.Daemon.WaitForLogAsync("RequestCanceled");
        scene.Daemon.AssertNoUnexpectedWarnings("RequestCanceled");
    }

    [Fact]
    public async Task A_client_that_goes_away_while_the_connection_is_made_is_let_go()
    {
        // Two connections fill a backlog of one (listen(2)); the kernel leaves the next without an answer.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using var one = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var two = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await one.ConnectAsync(listener.LocalEndPoint!, Token);
        await two.ConnectAsync(listener.LocalEndPoint!, Token);
        await using var scene = await UpgradeScene.StartAsync(_ => Task.CompletedTask, config => config
            .ForwardTo($"http://{listener.LocalEndPoint}")
            .Set("Serilog:MinimumLevel:Override:Yarp", "Information"));

        var client = await scene.SendAsync();
        await scene.Daemon.WaitForLogAsync("Proxying to");
        client.Dispose();

        await scene.Daemon.WaitForLogAsync("RequestCanceled");
        scene.Daemon.AssertNoUnexpectedWarnings("RequestCanceled");
    }

    [Fact]
    public async Task An_upgrade_that_the_server_cannot_take_is_503()
    {
        await using var scene = await UpgradeScene.StartAsync(
            async connection =>
            {
                await connection.WriteAsync(UpgradeScene.Switching("websocket"));
                await connection.ReadToEndAsync();
            },
            config => config.Set("Kestrel:Limits:MaxConcurrentUpgradedConnections", 1));

        Assert.Equal(101, (await scene.AskAsync()).Head.Status);
        var (_, head) = await scene.AskAsync();
        Assert.Equal(503, head.Status);
        Assert.DoesNotContain("Upgrade", head.Headers.Keys);
        scene.Daemon.AssertNoUnexpectedWarnings("was not completed to the client");
    }
}
