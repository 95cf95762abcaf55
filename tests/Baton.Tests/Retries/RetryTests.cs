using System.Net;
using System.Net.Sockets;
using System.Text;
using Baton.Retries;
using Baton.Tests.AccessLog;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Retries;

/// <summary>A destination that cannot be connected to is somebody's trouble, but not the client's.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    // What YARP says of every attempt.
    private const string Attempt = "An error was encountered before receiving a response";

    private readonly string _refusing = $"http://127.0.0.1:{FreePort.Next()}/";
    private Backend _backend = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _backend = await Backend.StartAsync(cancellationToken: Token);

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    [Fact]
    public async Task Where_one_destination_refuses_connections_no_request_fails()
    {
        await using var daemon = await StartAsync(Config(_refusing, _backend.Address));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };
        for (var request = 1; request <= 10; request++)
        {
            Assert.Equal($"{request}", await client.GetStringAsync(new Uri($"/echo?id={request}", UriKind.Relative), Token));
            using var body = new StringContent($"body {request}");
            using var posted = await client.PostAsync(new Uri($"/echo?id=p{request}", UriKind.Relative), body, Token);
            Assert.Equal($"body {request}", await posted.Content.ReadAsStringAsync(Token));
        }

        await daemon.WaitAsync(() => AccessLogFile.Lines(daemon).Count == 20, "log the requests");
        var entries = AccessLogFile.Entries(daemon);
        Assert.All(entries, entry => Assert.Equal(("d2", 200, "completed"), ((string?)entry["destination"], (int)entry["status"]!, (string?)entry["end"])));
        Assert.Equal(10, entries.Sum(entry => (int)entry["retries"]!)); // Round robin: every second one.
        daemon.AssertNoUnexpectedWarnings(Attempt);
    }

    [Fact]
    public async Task A_websocket_goes_elsewhere_too()
    {
        await using var daemon = await StartAsync(Config(_refusing, _backend.Address).Set("ReverseProxy:Clusters:all:LoadBalancingPolicy", "FirstAlphabetical"));
        var report = new ClientReport("websocket");
        using (var connection = await Http1Connection.OpenAsync(daemon.Port, report, null, Token))
        {
            await connection.SendAsync("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", Token);
            Assert.Equal(101, (await connection.Reader.ReadHeadAsync(Token)).Status);
        }

        var entry = await AccessLogFile.WaitForAsync(daemon, "/ws");
        Assert.Equal((101, 1, "d2"), ((int)entry["status"]!, (int)entry["retries"]!, (string?)entry["destination"]));
        daemon.AssertNoUnexpectedWarnings(Attempt);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(10, 3)] // There are no more destinations.
    public async Task It_goes_to_as_many_others_as_the_option_says(int retries, int expected)
    {
        var refusing = Enumerable.Range(0, 4).Select(_ => $"http://127.0.0.1:{FreePort.Next()}/").ToArray();
        await using var daemon = await StartAsync(Config(refusing).Set("Baton:Retries", retries));
        var answer = await AskAsync(daemon, "/?id=1");
        Assert.Equal(HttpStatusCode.BadGateway, answer);

        var entry = await AccessLogFile.WaitForAsync(daemon, "/?id=1");
        Assert.Equal((502, expected, "upstreamFailed"), ((int)entry["status"]!, (int)entry["retries"]!, (string?)entry["end"]));
        int Attempts() => daemon.Log.Events().Count(text => text.Contains(Attempt, StringComparison.Ordinal));
        await daemon.WaitAsync(() => Attempts() > expected, "say what became of each attempt");
        Assert.Equal(expected + 1, Attempts());
        daemon.AssertNoUnexpectedWarnings(Attempt);
    }

    [Fact]
    public async Task What_was_sent_is_not_sent_again()
    {
        await using var breaking = new FaultyServer(connection => connection.ReadHeadAsync());
        await using var daemon = await StartAsync(Config($"http://127.0.0.1:{breaking.Port}/", _backend.Address).Set("ReverseProxy:Clusters:all:LoadBalancingPolicy", "FirstAlphabetical"));
        Assert.Equal(HttpStatusCode.BadGateway, await AskAsync(daemon, "/?id=1"));
        Assert.Equal(0, _backend.Requests);

        var entry = await AccessLogFile.WaitForAsync(daemon, "/?id=1");
        Assert.Equal((0, "upstreamFailed", "d1"), ((int)entry["retries"]!, (string?)entry["end"], (string?)entry["destination"]));
        daemon.AssertNoUnexpectedWarnings(Attempt);
    }

    [Fact]
    public async Task Passive_health_sees_the_attempts_and_what_was_answered_elsewhere_has_not_failed()
    {
        await using var daemon = await StartAsync(Config(_refusing, _backend.Address)
            .Set("ReverseProxy:Clusters:all:HealthCheck:Passive:Enabled", true)
            .Set("ReverseProxy:Clusters:all:HealthCheck:Passive:ReactivationPeriod", "00:10:00")
            .Set("ReverseProxy:Clusters:all:Metadata:TransportFailureRateHealthPolicy.RateLimit", "0.1"));
        for (var request = 1; request <= 40; request++)
            Assert.Equal(HttpStatusCode.OK, await AskAsync(daemon, $"/?id={request}"));
        await daemon.WaitAsync(() => AccessLogFile.Lines(daemon).Count == 40, "log the requests");
        Assert.All(AccessLogFile.Entries(daemon).Skip(30), entry => Assert.Equal(0, (int)entry["retries"]!));

        await daemon.UpgradeAsync();
        await daemon.WaitForLogAsync("; 0 failures of destinations");
        daemon.AssertNoUnexpectedWarnings(Attempt, "by the passive health check");
    }

    [Theory]
    [InlineData("Redistribute", HttpStatusCode.OK)]
    [InlineData("Return503Error", HttpStatusCode.BadGateway)]
    public async Task A_client_that_sticks_to_its_destination_goes_elsewhere_as_the_failure_policy_says(string policy, HttpStatusCode expected)
    {
        await using var daemon = await StartAsync(Config(_refusing, _backend.Address)
            .Set("ReverseProxy:Clusters:all:SessionAffinity:Enabled", true)
            .Set("ReverseProxy:Clusters:all:SessionAffinity:Policy", "HashCookie")
            .Set("ReverseProxy:Clusters:all:SessionAffinity:FailurePolicy", policy)
            .Set("ReverseProxy:Clusters:all:SessionAffinity:AffinityKeyName", "to"));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes("D1"))[..8]);
        Assert.Equal(expected, await AskAsync(daemon, "/?id=1", $"to={hash}"));
        daemon.AssertNoUnexpectedWarnings(Attempt);
    }

    [Fact]
    public async Task A_connect_timeout_is_known_from_other_cancellations()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen(0); // One is accepted by the kernel; listen(2).
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(silent.LocalEndPoint!, Token);
        Assert.True(silent.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead)); // It is that one.
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{silent.LocalEndPoint}/");

        var thrown = await Record.ExceptionAsync(() => client.SendAsync(request, Token));
        Assert.True(RetryElsewhere.IsUnconnected(thrown), thrown?.ToString());
        using var patient = new HttpMessageInvoker(new SocketsHttpHandler());
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        using var again = new HttpRequestMessage(HttpMethod.Get, $"http://{silent.LocalEndPoint}/");
        Assert.False(RetryElsewhere.IsUnconnected(await Record.ExceptionAsync(() => patient.SendAsync(again, cancelled.Token))));
    }

    private static ConfigBuilder Config(params string[] destinations) => new ConfigBuilder().Listen().ForwardTo(destinations).WithAccessLog();

    private static Task<DaemonProcess> StartAsync(ConfigBuilder config) => DaemonProcess.StartAsync(config);

    private static async Task<HttpStatusCode> AskAsync(DaemonProcess daemon, string path, string? cookie = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{daemon.Port}{path}");
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var answer = await client.SendAsync(request, Token);
        return answer.StatusCode;
    }
}
