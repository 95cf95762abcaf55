using System.Text;
using Baton.Tests.Daemon;
using Baton.Tests.Metrics;
using Xunit;

namespace Baton.Tests.Tracing;

/// <summary>What a collector is sent, that a dead one is nobody's concern, and that without one nothing of it is there.</summary>
public sealed class TelemetryTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = $"00-{TraceId}-00f067aa0ba902b7-01";
    private const string Traces = "/v1/traces";
    private const string MetricsPath = "/v1/metrics";

    private static readonly string TraceBytes = Encoding.Latin1.GetString(Convert.FromHexString(TraceId));

    private static readonly string[] InSpans =
        [TraceBytes, "service.name", "baton", "service.instance.id", "baton.generation", "http.route", "baton.destination", "/traced", "System.Net.Http", "Microsoft.AspNetCore"];

    private static readonly string[] InMetrics =
        ["http.server.request.duration", "http.client.request.duration", "http.server.active_requests", "baton.generation", "http.response.status_code"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spans_and_metrics_are_sent_and_those_of_a_generation_that_goes_are_not_lost()
    {
        await using var collector = await Collector.StartAsync(Token);
        await using var backend = await Collector.StartAsync(Token);
        var config = Config(backend).Baton("Telemetry:Endpoint", collector.Address).Baton("Telemetry:Protocol", "HttpProtobuf")
            .Baton("Telemetry:Headers", "x-key=hush").Baton("Telemetry:MetricsInterval", "00:00:01");
        await using var daemon = await DaemonProcess.StartAsync(config);
        await Scraper.GetAsync(daemon.AdminSocket, null, Token);
        await GetAsync(daemon, "/traced");
        await daemon.UpgradeAsync();
        await daemon.WaitForOneProcessAsync();

        var spans = await collector.UntilAsync(Traces, all => all.Contains("GET all", StringComparison.Ordinal), Token);
        Assert.All(
            InSpans,
            text => Assert.Contains(text, spans, StringComparison.Ordinal));
        Assert.DoesNotContain("/metrics", spans, StringComparison.Ordinal);
        Assert.Equal(1, Occurrences(spans, "GET all"));
        var metrics = await collector.UntilAsync(MetricsPath, all => all.Contains("baton.upgrades", StringComparison.Ordinal), Token);
        Assert.All(
            InMetrics,
            text => Assert.Contains(text, metrics, StringComparison.Ordinal));
        Assert.All(collector.All, one => Assert.Equal("hush", one.Headers["x-key"]));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task The_environment_of_OpenTelemetry_is_honoured_and_no_trace_is_begun_that_is_not_wanted()
    {
        await using var collector = await Collector.StartAsync(Token);
        await using var backend = await Collector.StartAsync(Token);
        var environment = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "edge",
        };
        await using var daemon = await DaemonProcess.StartAsync(Config(backend).Baton("Telemetry:SampleRatio", 0), new DaemonStart { Environment = environment });
        using (var client = new HttpClient())
            await client.GetStringAsync(new Uri($"http://127.0.0.1:{daemon.Port}/untraced"), Token);
        await GetAsync(daemon, "/traced"); // Its client has begun the trace, and wants it.
        await daemon.UpgradeAsync();

        var spans = await collector.UntilAsync(Traces, all => all.Contains("/traced", StringComparison.Ordinal), Token);
        Assert.Contains("edge", spans, StringComparison.Ordinal);
        Assert.DoesNotContain("/untraced", spans, StringComparison.Ordinal);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_collector_that_is_dead_or_hangs_disturbs_nothing()
    {
        await using var backend = await Collector.StartAsync(Token);
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        foreach (var endpoint in new[] { $"http://127.0.0.1:{FreePort.Next()}", $"http://{silent.LocalEndpoint}" })
        {
            await using var daemon = await DaemonProcess.StartAsync(
                Config(backend).Baton("Telemetry:Endpoint", endpoint).Baton("Telemetry:Protocol", "HttpProtobuf").Baton("Telemetry:MetricsInterval", "00:00:01"));
            await GetAsync(daemon, "/one");
            await daemon.UpgradeAsync();
            await GetAsync(daemon, "/two");
            var last = await daemon.WaitForOneProcessAsync();
            daemon.Signal(last.Pid, Signo.SIGTERM);
            await daemon.WaitForExitAsync(last.Pid);
            daemon.AssertNoUnexpectedWarnings();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Trace_context_is_passed_on_and_a_span_of_ours_is_its_parent_only_with_a_collector(bool withCollector)
    {
        await using var collector = await Collector.StartAsync(Token);
        await using var backend = await Collector.StartAsync(Token);
        var config = Config(backend);
        if (withCollector)
            config.Baton("Telemetry:Endpoint", collector.Address).Baton("Telemetry:Protocol", "HttpProtobuf");
        await using var daemon = await DaemonProcess.StartAsync(config);
        await GetAsync(daemon, "/traced");
        await daemon.UpgradeAsync();
        await GetAsync(daemon, "/traced");

        Assert.Equal(2, backend.All.Count);
        Assert.All(backend.All, one => Assert.Matches($"^00-{TraceId}-[0-9a-f]{{16}}-01$", one.Headers["traceparent"]));
        Assert.All(backend.All, one => Assert.Equal("vendor=1", one.Headers["tracestate"]));
        Assert.All(backend.All, one => Assert.Equal(withCollector, one.Headers["traceparent"] != Parent)); // Without one there is no span to be the parent.
        await GetAsync(daemon, "/untraced", parent: null);
        Assert.Equal(withCollector, backend.All[^1].Headers.ContainsKey("traceparent"));
        daemon.AssertNoUnexpectedWarnings();
    }

    private static ConfigBuilder Config(Collector backend) => new ConfigBuilder().Listen().ForwardTo(backend.Address).Baton("Probation", "00:00:00");

    private static async Task GetAsync(DaemonProcess daemon, string path, string? parent = Parent)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{daemon.Port}{path}");
        request.Headers.ConnectionClose = true;
        if (parent is not null)
        {
            request.Headers.Add("traceparent", parent);
            request.Headers.Add("tracestate", "vendor=1");
        }

        using var answer = await client.SendAsync(request, Token);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;
}
