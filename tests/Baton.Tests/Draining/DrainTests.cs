using System.Net;
using System.Net.WebSockets;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Draining;

/// <summary>How each kind of connection is let go of, one connection at a time, by what the client sees.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private readonly ClientReport _report = new("drain");
    private Backend _backend = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _backend = await Backend.StartAsync(cancellationToken: Token);

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    [Fact]
    public async Task With_no_successor_an_idle_connection_is_asked_to_close_by_the_answer_to_its_next_request()
    {
        await using var daemon = await StartAsync(("IdleLinger", "00:00:20"));
        using var connection = await ConnectAsync(daemon.Port);
        Assert.False((await AskAsync(connection, "/echo?id=1")).Closes);
        await StopAsync(daemon);

        await AskUntilItClosesAsync(connection);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_no_successor_a_connection_that_stays_silent_is_closed_after_the_idle_linger(bool hasSpoken)
    {
        await using var daemon = await StartAsync(("IdleLinger", "00:00:00.500"));
        using var connection = await ConnectAsync(daemon.Port);
        using var second = await ConnectAsync(daemon.Port);
        await AskAsync(second, "/echo?id=1"); // They are accepted in order: a silent one is by now.
        if (hasSpoken)
            await AskAsync(connection, "/echo?id=2");
        await StopAsync(daemon);

        await connection.Reader.ReadEndAsync(Token); // A reset would throw.
        await daemon.WaitForLogAsync("2 idle ones closed");
    }

    [Fact]
    public async Task With_no_successor_a_request_whose_head_is_only_half_sent_is_answered()
    {
        await using var daemon = await StartAsync(("IdleLinger", "00:00:00.200"));
        using var connection = await ConnectAsync(daemon.Port);
        await connection.SendAsync("GET /echo?id=half HTTP/1.1\r\nHo", Token);
        using var second = await ConnectAsync(daemon.Port);
        await AskAsync(second, "/echo?id=other");
        await StopAsync(daemon);
        await second.Reader.ReadEndAsync(Token);

        await connection.SendAsync("st: x\r\n\r\n", Token);
        var head = await connection.Reader.ReadHeadAsync(Token);
        Assert.Equal("half", await connection.Reader.ReadTextAsync(head, Token));
        Assert.True(head.Closes);
    }

    [Fact]
    public async Task With_no_successor_a_response_whose_head_was_out_ends_whole_and_leaves_time_for_one_more_request()
    {
        await using var daemon = await StartAsync(("IdleLinger", "00:00:20"));
        using var connection = await ConnectAsync(daemon.Port);
        await SendAsync(connection, "/events?n=20&ms=100");
        var head = await connection.Reader.ReadHeadAsync(Token);
        Assert.False(head.Closes);
        await StopAsync(daemon);

        await connection.Reader.ReadTextAsync(head, Token);
        await AskUntilItClosesAsync(connection);
    }

    [Fact]
    public async Task With_no_successor_pipelined_requests_are_answered_and_only_the_last_answer_asks_to_close()
    {
        await using var daemon = await StartAsync();
        using var connection = await ConnectAsync(daemon.Port);
        await connection.SendAsync("GET /held?id=1 HTTP/1.1\r\nHost: x\r\n\r\nGET /echo?id=2 HTTP/1.1\r\nHost: x\r\n\r\nGET /echo?id=3 HTTP/1.1\r\nHost: x\r\n\r\n", Token);
        await _backend.WaitForInFlightAsync(1, cancellationToken: Token);
        using var second = await ConnectAsync(daemon.Port);
        await AskAsync(second, "/echo?id=other");
        await StopAsync(daemon);
        await AskUntilItClosesAsync(second);
        _backend.Held.Open();

        for (var request = 1; request <= 3; request++)
        {
            var head = await connection.Reader.ReadHeadAsync(Token);
            await connection.Reader.ReadTextAsync(head, Token);
            Assert.Equal(request == 3, head.Closes);
        }

        await connection.Reader.ReadEndAsync(Token);
    }

    [Fact]
    public async Task A_request_that_outlasts_the_drain_is_cut_and_named_by_its_route()
    {
        await using var daemon = await StartAsync(("DrainTimeout", "00:00:01"), ("IdleLinger", "00:00:00.200"));
        using var connection = await ConnectAsync(daemon.Port);
        await SendAsync(connection, "/slow?ms=60000");
        await _backend.WaitForInFlightAsync(1, cancellationToken: Token);
        var before = daemon.Current.Pid;
        await daemon.UpgradeAsync();

        await daemon.WaitForLogAsync("cut: 1 request of route 'all'");
        await daemon.WaitForExitAsync(before);
        daemon.AssertNoUnexpectedWarnings("1 request of route 'all'", "RequestCanceled");
    }

    [Fact]
    public async Task With_no_successor_a_WebSocket_runs_until_the_deadline_and_gets_a_close_frame_1001()
    {
        await using var daemon = await StartAsync(("DrainTimeout", "00:00:02"), ("IdleLinger", "00:00:00.200"));
        using var socket = await WebSocketConnection.OpenAsync(daemon.Port, "/ws", _report, Token);
        await StopAsync(daemon);
        await socket.SendAsync(new WebSocketFrame(WebSocketOpcode.Text, true, "still here"u8.ToArray()), Token);
        Assert.Equal("still here", (await socket.ReceiveAsync(Token)).Text);

        var close = await socket.ReceiveAsync(Token);
        Assert.Equal(WebSocketOpcode.Close, close.Opcode);
        Assert.Equal(1001, close.CloseCode);
        await daemon.WaitForLogAsync("cut: 1 tunnel of route 'all'");
    }

    [Fact]
    public async Task A_WebSocket_over_HTTP2_gets_the_close_frame_too()
    {
        await using var daemon = await StartAsync(("DrainTimeout", "00:00:02"), ("IdleLinger", "00:00:00.200"));
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{daemon.Ports[1]}/ws"), invoker, Token);
        await daemon.UpgradeAsync();
        await socket.SendAsync("still here"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Token);
        var buffer = new byte[100];
        Assert.Equal(10, (await socket.ReceiveAsync(buffer, Token)).Count);

        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(buffer, Token)).MessageType);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus); // 1001 by its .NET name.
    }

    [Fact]
    public async Task An_idle_HTTP2_connection_gets_GOAWAY_and_ends_without_a_reset()
    {
        await using var daemon = await StartAsync(("IdleLinger", "00:00:01"));
        using var connection = await Http2Connection.OpenAsync(daemon.Ports[1], _report, Token);
        Assert.NotNull(await connection.AskAsync("/echo?id=1", null, TimeSpan.FromSeconds(10), Token));
        await daemon.UpgradeAsync();

        await connection.End.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Null(connection.Fault);
        Assert.Contains("GOAWAY", connection.GoAway, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_a_path_of_ten_milliseconds_keep_alive_clients_lose_nothing()
    {
        await using var daemon = await StartAsync();
        await using var path = new DelayingProxy(daemon.Port, TimeSpan.FromMilliseconds(10));
        await using var http2Path = new DelayingProxy(daemon.Ports[1], TimeSpan.FromMilliseconds(10));
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), _backend).Add(
            new KeepAliveClient(path.Port, connections: 8),
            new KeepAliveClient(path.Port, connections: 16, longestPauseMilliseconds: 50),
            new ConnectionPerRequestClient(path.Port, lanes: 4),
            new Http2Client(http2Path.Port, connections: 4));
        await traffic.StartAsync(Token);
        for (var upgrade = 0; upgrade < 5; upgrade++)
        {
            await daemon.UpgradeAsync();
            await traffic.WaitForAnswersAsync(20, cancellationToken: Token);
        }

        await traffic.StopAsync(Token);
        TestContext.Current.SendDiagnosticMessage(traffic.Summary());
        traffic.AssertNothingLost();
        daemon.AssertNoUnexpectedWarnings();
    }

    private Task<DaemonProcess> StartAsync(params (string Option, string Value)[] options)
    {
        var config = new ConfigBuilder().Listen().Listen(protocols: "Http2").ForwardTo(_backend.Address);
        foreach (var (option, value) in options)
            config.Baton(option, value);
        return DaemonProcess.StartAsync(config, new DaemonStart { Listeners = 2 });
    }

    private Task<Http1Connection> ConnectAsync(int port) => Http1Connection.OpenAsync(port, _report, null, Token);

    private static async Task StopAsync(DaemonProcess daemon)
    {
        daemon.Signal(daemon.Current.Pid, Signo.SIGTERM);
        await daemon.WaitForLogAsync("End asked for by SIGTERM");
    }

    // What is answered before the drain has begun does not ask yet.
    private static async Task AskUntilItClosesAsync(Http1Connection connection)
    {
        while (!(await AskAsync(connection, "/echo?id=more")).Closes)
        {
        }

        await connection.Reader.ReadEndAsync(Token);
    }

    private static Task SendAsync(Http1Connection connection, string target) =>
        connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n", Token);

    private static async Task<ResponseHead> AskAsync(Http1Connection connection, string target)
    {
        await SendAsync(connection, target);
        var head = await connection.Reader.ReadHeadAsync(Token);
        Assert.Equal(200, head.Status);
        await connection.Reader.ReadTextAsync(head, Token);
        return head;
    }
}
