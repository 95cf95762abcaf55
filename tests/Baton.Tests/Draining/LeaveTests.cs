using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Draining;

/// <summary>Connections that cannot move leave one by one, and none is closed under a request.</summary>
public sealed partial class LeaveTests
{
    private const int Clients = 150;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Clients_over_TLS_come_back_one_after_the_other(string version)
    {
        using var certificate = new CertificateFiles();
        await using var daemon = await DaemonProcess.StartAsync(certificate.ListenTls(new ConfigBuilder()).Baton("LeaveSpread", "00:00:05"));
        var connects = new ConnectCounter();
        var answered = 0;
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(_ => AskAgainAndAgainAsync()).ToList();
        await daemon.WaitAsync(() => Volatile.Read(ref answered) == Clients, "answer every client"); // One that has sent nothing yet would move.

        await daemon.UpgradeAsync();
        await daemon.WaitForOneProcessAsync();
        await daemon.WaitAsync(() => connects.Count >= 2 * Clients, "see every client again"); // The last one to leave may just pause.
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(clients), count => Assert.True(count > 0));

        Assert.Equal(2 * Clients, connects.Count);
        var peak = int.Parse(PeakAccepts().Match(await daemon.WaitForLogAsync("Upgrade completed")).Groups[1].Value, CultureInfo.InvariantCulture);
        TestContext.Current.SendDiagnosticMessage($"HTTP/{version}: {Clients} clients, at most {peak} a second");
        Assert.InRange(peak, 1, Clients - 1); // Fifty is the plan; all of them is the crowd.
        daemon.AssertNoUnexpectedWarnings();

        async Task<int> AskAgainAndAgainAsync()
        {
            using var handler = connects.Handler();
            handler.SslOptions.RemoteCertificateValidationCallback = CertificateFiles.IsOurs;
            using var client = new HttpClient(handler)
            {
                BaseAddress = new Uri($"https://127.0.0.1:{daemon.Port}"),
                DefaultRequestVersion = Version.Parse(version),
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            var count = 0;
            while (!stop.IsCancellationRequested)
            {
                // By post, which the client library does not try again by itself.
                using var answer = await client.PostAsync(new Uri("/", UriKind.Relative), new StringContent("x"), Token);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                if (count++ == 0)
                    Interlocked.Increment(ref answered);
                await Task.Delay(Random.Shared.Next(20, 100), Token);
            }

            return count;
        }
    }

    [Fact]
    public async Task A_client_that_is_used_to_long_pauses_is_not_closed_in_one()
    {
        using var certificate = new CertificateFiles();
        await using var daemon = await DaemonProcess.StartAsync(certificate.ListenTls(new ConfigBuilder()).Baton("LeaveSpread", "00:00:00").Baton("IdleLinger", "00:00:00.100"));
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = CertificateFiles.IsOurs;
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{daemon.Port}") };
        var pause = TimeSpan.FromSeconds(10);
        Assert.Null((await AskAsync()).ConnectionClose);
        await Task.Delay(pause, Token);
        Assert.Null((await AskAsync()).ConnectionClose);

        var quietSince = TimeProvider.System.GetTimestamp();
        await daemon.UpgradeAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), Token); // Ten times the linger.
        Assert.SkipWhen(TimeProvider.System.GetElapsedTime(quietSince) > pause, "The upgrade took longer than the pause.");
        Assert.True((await AskAsync()).ConnectionClose); // On the connection that was there all the time: a new one would not say so.
        await daemon.WaitForOneProcessAsync();

        async Task<System.Net.Http.Headers.HttpResponseHeaders> AskAsync()
        {
            using var answer = await client.PostAsync(new Uri("/", UriKind.Relative), new StringContent("x"), Token);
            return answer.Headers;
        }
    }

    [Fact]
    public async Task A_WebSocket_that_cannot_move_gets_the_close_frame_that_its_route_says_before_the_deadline()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = new ConfigBuilder().Listen(protocols: "Http2").ForwardTo(backend.Address)
            .Set("ReverseProxy:Routes:all:Metadata:Tunnels.CloseCode", "1012")
            .Set("ReverseProxy:Routes:all:Metadata:Tunnels.CloseOver", "00:00:00.500")
            .Baton("DrainTimeout", "00:10:00");
        await using var daemon = await DaemonProcess.StartAsync(config);
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{daemon.Port}/ws"), invoker, Token);
        await daemon.UpgradeAsync();

        await socket.ReceiveAsync(new byte[10], Token);
        Assert.Equal(1012, (int?)socket.CloseStatus);
        await socket.CloseOutputAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, Token);
        await daemon.WaitForOneProcessAsync();
        await daemon.WaitForLogAsync("cut: nothing");
    }

    [GeneratedRegex(@"at most (\d+) connections a second")]
    private static partial Regex PeakAccepts();
}
