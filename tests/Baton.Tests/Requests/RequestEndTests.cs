using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Tests.AccessLog;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Requests;

/// <summary>What is known of a request when it has ended, and why it has, by what the access log says.</summary>
public sealed class RequestEndTests : IAsyncLifetime
{
    private readonly ClientReport _report = new("request");
    private Backend _backend = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _backend = await Backend.StartAsync(cancellationToken: Token);

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    [Fact]
    public async Task Bytes_and_times_of_a_request_that_was_answered()
    {
        await using var daemon = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };
        using var body = new ByteArrayContent(new byte[300_000]);
        using var posted = await client.PostAsync(new Uri("/echo?id=echo", UriKind.Relative), body, Token);
        Assert.Equal(300_000, (await posted.Content.ReadAsByteArrayAsync(Token)).Length);
        await client.GetByteArrayAsync(new Uri("/bytes?n=70000&chunked=1", UriKind.Relative), Token);
        await client.GetStringAsync(new Uri("/slow?ms=200&id=slow", UriKind.Relative), Token);
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/bytes?n=5"), Token);

        AssertFacts(await AccessLogFile.WaitForAsync(daemon, "/echo"), "completed", 200, 300_000, 300_000);
        AssertFacts(await AccessLogFile.WaitForAsync(daemon, "n=70000"), "completed", 200, 0, 70_000);
        AssertFacts(await AccessLogFile.WaitForAsync(daemon, "n=5"), "completed", 200, 0, 0);
        var slow = await AccessLogFile.WaitForAsync(daemon, "/slow");
        Assert.InRange((double)slow["upstreamTime"]!, 0.19, (double)slow["duration"]!);
        Assert.Equal(("all", "all", "d1"), ((string?)slow["route"], (string?)slow["cluster"], (string?)slow["destination"]));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task What_the_daemon_answers_itself_has_its_bytes_and_no_destination()
    {
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().WithAccessLog());
        var page = await Page.GetAsync(daemon.Port, Token);
        var entry = await AccessLogFile.WaitForAsync(daemon, "/");
        AssertFacts(entry, "completed", 200, 0, Encoding.UTF8.GetByteCount(page));
        Assert.Null(entry["route"] ?? entry["cluster"] ?? entry["destination"] ?? entry["upstreamTime"]);
    }

    [Fact]
    public async Task A_client_that_goes_before_the_answer()
    {
        await using var daemon = await StartAsync();
        using (var connection = await AskAsync(daemon, "GET /held?id=gone HTTP/1.1\r\nHost: x\r\n\r\n"))
        {
            await _backend.WaitForInFlightAsync(1, Token);
            connection.Reset();
        }

        AssertFacts(await AccessLogFile.WaitForAsync(daemon, "id=gone"), "clientGone", 499, 0, 0);
    }

    [Fact]
    public async Task A_client_that_goes_in_the_middle_of_the_answer()
    {
        await using var daemon = await StartAsync();
        using (var connection = await AskAsync(daemon, "GET /bytes?n=200000000 HTTP/1.1\r\nHost: x\r\n\r\n"))
        {
            await connection.Reader.ReadHeadAsync(Token);
            connection.Reset();
        }

        var entry = await AccessLogFile.WaitForAsync(daemon, "/bytes");
        Assert.Equal(("clientGone", 200), ((string?)entry["end"], (int)entry["status"]!));
        Assert.InRange((long)entry["bytesOut"]!, 1, 199_999_999);
    }

    [Fact]
    public async Task A_client_that_goes_in_the_middle_of_its_upload()
    {
        await using var daemon = await StartAsync();
        using (var connection = await AskAsync(daemon, "POST /upload?id=half HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"))
        {
            await _backend.WaitForInFlightAsync(1, Token);
            connection.Reset();
        }

        var entry = await AccessLogFile.WaitForAsync(daemon, "/upload");
        Assert.Equal(("clientGone", 499), ((string?)entry["end"], (int)entry["status"]!));
    }

    [Fact]
    public async Task No_destination_is_there()
    {
        await using var daemon = await StartAsync(config => config.Set("ReverseProxy:Clusters:all:Destinations", new JsonObject()));
        using (await AskAsync(daemon, "GET /?id=1 HTTP/1.1\r\nHost: x\r\n\r\n"))
            AssertFacts(await AccessLogFile.WaitForAsync(daemon, "id=1"), "noDestination", 503, 0, 0);
    }

    [Fact]
    public async Task The_destination_breaks_off()
    {
        await using var breaking = new FaultyServer(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            if (head.Contains("middle", StringComparison.Ordinal))
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        });
        await using var daemon = await StartAsync(config => config.ForwardTo($"http://127.0.0.1:{breaking.Port}/"));
        using var before = await AskAsync(daemon, "GET /before HTTP/1.1\r\nHost: x\r\n\r\n");
        using var middle = await AskAsync(daemon, "GET /middle HTTP/1.1\r\nHost: x\r\n\r\n");
        AssertFacts(await AccessLogFile.WaitForAsync(daemon, "/before"), "upstreamFailed", 502, 0, 0);
        var entry = await AccessLogFile.WaitForAsync(daemon, "/middle");
        AssertFacts(entry, "upstreamFailed", 200, 0, 4);
        Assert.NotNull(entry["upstreamTime"]);
    }

    [Theory]
    [InlineData("ReverseProxy:Clusters:all:HttpRequest:ActivityTimeout", "/held?id=1", 504)]
    [InlineData("ReverseProxy:Routes:all:Timeout", "/held?id=1", 504)]
    [InlineData("ReverseProxy:Clusters:all:HttpRequest:ActivityTimeout", "/events?n=2&ms=60000", null)] // 200, if its head comes in time.
    [InlineData("ReverseProxy:Routes:all:Timeout", "/events?n=2&ms=60000", null)]
    public async Task It_took_longer_than_it_may(string option, string path, int? status)
    {
        await using var daemon = await StartAsync(config => config.Set(option, "00:00:00.500"));
        using var connection = await AskAsync(daemon, $"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        var answered = (await connection.Reader.ReadHeadAsync(Token)).Status;
        var entry = await AccessLogFile.WaitForAsync(daemon, path);
        Assert.Equal(("timedOut", answered), ((string?)entry["end"], (int)entry["status"]!));
        Assert.Equal(status ?? answered, answered);
    }

    [Fact]
    public async Task A_drain_cuts_what_does_not_end()
    {
        await using var daemon = await StartAsync(config => config.Baton("DrainTimeout", "00:00:00.500").Baton("IdleLinger", "00:00:00.100"));
        using var held = await AskAsync(daemon, "GET /held?id=cut HTTP/1.1\r\nHost: x\r\n\r\n");
        using var streaming = await AskAsync(daemon, "GET /events?n=2&ms=60000 HTTP/1.1\r\nHost: x\r\n\r\n");
        await streaming.Reader.ReadHeadAsync(Token);
        await _backend.WaitForInFlightAsync(2, Token);
        daemon.Signal(daemon.FirstPid, Signo.SIGTERM);
        Assert.Equal(0, await daemon.FirstExitCodeAsync());

        Assert.Equal("cut", (string?)(await AccessLogFile.WaitForAsync(daemon, "id=cut"))["end"]);
        Assert.Equal("cut", (string?)(await AccessLogFile.WaitForAsync(daemon, "/events"))["end"]);
    }

    [Theory]
    [InlineData(false)] // Between the sockets.
    [InlineData(true)] // Through YARP.
    public async Task A_websocket_has_its_bytes_when_it_ends(bool tls)
    {
        using var certificate = new CertificateFiles();
        var config = tls ? certificate.ListenTls(new ConfigBuilder()) : new ConfigBuilder().Listen();
        await using var daemon = await DaemonProcess.StartAsync(config.ForwardTo(_backend.Address).WithAccessLog());
        using var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = CertificateFiles.IsOurs;
        await socket.ConnectAsync(new Uri($"{(tls ? "wss" : "ws")}://127.0.0.1:{daemon.Port}/ws"), Token);
        await socket.SendAsync(new byte[100], WebSocketMessageType.Binary, endOfMessage: true, Token);
        Assert.Equal(100, (await socket.ReceiveAsync(new byte[200], Token)).Count);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);

        // A message of 100 bytes and the two of a close, each with its header of two, the client's with a mask; RFC 6455, 5.2.
        var entry = await AccessLogFile.WaitForAsync(daemon, "/ws");
        AssertFacts(entry, "completed", 101, 106 + 8, 102 + 4);
        Assert.Equal(tls ? "TLSv1.3" : null, (string?)entry["tls"]);
    }

    [Fact]
    public async Task A_websocket_that_moves_has_its_line_from_the_generation_that_answered_it()
    {
        await using var daemon = await StartAsync(config => config.Baton("Probation", "00:00:00"));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{daemon.Port}/ws"), Token);
        await daemon.UpgradeAsync();

        var entry = await AccessLogFile.WaitForAsync(daemon, "/ws");
        Assert.Equal(("completed", 101, 1), ((string?)entry["end"], (int)entry["status"]!, (int)entry["generation"]!));
        await socket.SendAsync(new byte[100], WebSocketMessageType.Binary, endOfMessage: true, Token);
        Assert.Equal(100, (await socket.ReceiveAsync(new byte[200], Token)).Count);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        daemon.Signal((await daemon.WaitForOneProcessAsync()).Pid, Signo.SIGTERM);
        await daemon.WaitAsync(() => daemon.LiveProcesses().Count == 0, "end");
        Assert.Single(AccessLogFile.Lines(daemon));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_malformed_body_is_answered()
    {
        await using var daemon = await StartAsync();
        using var connection = await AskAsync(daemon, "POST /upload?id=bad HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
        var head = await connection.Reader.ReadHeadAsync(Token);
        var entry = await AccessLogFile.WaitForAsync(daemon, "id=bad");
        Assert.Equal((400, 400, "completed"), (head.Status, (int)entry["status"]!, (string?)entry["end"]));
    }

    private async Task<DaemonProcess> StartAsync(Action<ConfigBuilder>? change = null)
    {
        var config = new ConfigBuilder().Listen().ForwardTo(_backend.Address).WithAccessLog();
        change?.Invoke(config);
        return await DaemonProcess.StartAsync(config);
    }

    private async Task<Http1Connection> AskAsync(DaemonProcess daemon, string request)
    {
        var connection = await Http1Connection.OpenAsync(daemon.Port, _report, null, Token);
        await connection.SendAsync(request, Token);
        return connection;
    }

    private static void AssertFacts(JsonNode entry, string end, int status, long bytesIn, long bytesOut) => Assert.Equal(
        (end, status, bytesIn, bytesOut),
        ((string?)entry["end"], (int)entry["status"]!, (long)entry["bytesIn"]!, (long)entry["bytesOut"]!));
}
