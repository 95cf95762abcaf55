using System.Buffers;
using System.Text;
using Baton.Metrics;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Metrics;

/// <summary>The two formats, and who gets which.</summary>
public sealed class FormatTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, """
        # HELP a_total Help "quoted" and a back\\slash\nand a line.
        # TYPE a_total counter
        a_total{x="back\\slash \"quoted\"\nline"} 3
        # HELP h_seconds Long.
        # TYPE h_seconds histogram
        h_seconds_bucket{le="0.5"} 1
        h_seconds_bucket{le="1"} 1
        h_seconds_bucket{le="+Inf"} 3
        h_seconds_sum 2.5
        h_seconds_count 3
        # HELP g_bytes Now.
        # TYPE g_bytes gauge
        g_bytes 1.5

        """)]
    [InlineData(true, """
        # HELP a Help \"quoted\" and a back\\slash\nand a line.
        # TYPE a counter
        a_total{x="back\\slash \"quoted\"\nline"} 3
        a_created{x="back\\slash \"quoted\"\nline"} 1.5
        # HELP h_seconds Long.
        # TYPE h_seconds histogram
        # UNIT h_seconds seconds
        h_seconds_bucket{le="0.5"} 1
        h_seconds_bucket{le="1.0"} 1
        h_seconds_bucket{le="+Inf"} 3
        h_seconds_sum 2.5
        h_seconds_count 3
        h_seconds_created 1.5
        # HELP g_bytes Now.
        # TYPE g_bytes gauge
        # UNIT g_bytes bytes
        g_bytes 1.5
        # EOF

        """)]
    public void Each_format_is_written_as_its_specification_says(bool openMetrics, string expected)
    {
        var created = DateTimeOffset.FromUnixTimeMilliseconds(1500);
        var output = new ArrayBufferWriter<byte>();
        var writer = new ExpositionWriter(output, openMetrics);
        writer.Write(new FamilySnapshot(
            new MetricFamily("a", "Help \"quoted\" and a back\\slash\nand a line.", "x"),
            [new SeriesSnapshot(["back\\slash \"quoted\"\nline"], created, [3])]));
        writer.Write(new FamilySnapshot(
            new MetricFamily("h_seconds", "Long.") { Unit = "seconds", Bounds = [0.5, 1], Scale = 10 },
            [new SeriesSnapshot([], created, [1, 0, 2, 25])]));
        writer.Write(Gauge.Of("g_bytes", "Now.", 1.5, "bytes"));
        writer.End();

        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.Equal(expected.ReplaceLineEndings("\n"), text);
        Exposition.Parse(text, openMetrics);
    }

    [Fact]
    public async Task Who_asks_for_OpenMetrics_gets_it_and_everybody_else_the_older_format()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address));
        using var client = new HttpClient();
        await client.GetStringAsync(new Uri($"http://127.0.0.1:{daemon.Port}/"), Token);
        await new Scraper(daemon.AdminSocket).UntilAsync(last => last.Sum("http_client_request_duration_seconds_count") == 1); // It is counted last.

        foreach (var (accept, isOpen) in new (string?, bool)[]
                 {
                     (null, false), ("*/*", false), ("text/plain", false), ("not a type at all;;", false),
                     ("application/openmetrics-text", true),
                     ("application/openmetrics-text; version=2.0.0", false),
                     ("application/openmetrics-text; version=1.0.0; q=0.2, text/plain; version=0.0.4; q=0.5", false),
                     // What Prometheus 3 sends.
                     ("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", true),
                 })
        {
            var (head, body) = await Scraper.GetAsync(daemon.AdminSocket, accept, Token);
            Assert.Contains(isOpen ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8", head, StringComparison.OrdinalIgnoreCase);
            var exposition = Exposition.Parse(body, isOpen);
            Assert.Equal(1, exposition.Sum("http_server_request_duration_seconds_count", "http_route=\"all\"", "http_response_status_class=\"2xx\""));
            Assert.Equal(1, exposition.Sum("http_client_request_duration_seconds_count", "baton_cluster=\"all\"", "baton_destination=\"d1\""));
            Assert.Equal(1, exposition.Sum("baton_destination_available", "baton_cluster=\"all\"", "baton_destination=\"d1\""));
            Assert.True(exposition.Sum("process_resident_memory_bytes") > 1e6 && exposition.Sum("process_open_fds") > 3 && exposition.Sum("process_cpu_seconds_total") > 0);
        }

        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Requests_are_not_counted_where_that_is_turned_off_and_few_series_are_kept_where_few_are_wanted()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = new ConfigBuilder().Listen().ForwardTo(backend.Address);
        for (var route = 0; route < 20; route++)
            config.Set($"ReverseProxy:Routes:r{route:00}:ClusterId", "all").Set($"ReverseProxy:Routes:r{route:00}:Match:Path", $"/p{route}").Set($"ReverseProxy:Routes:r{route:00}:Order", -1);
        foreach (var (option, value, expected) in new (string, object, int)[] { ("Metrics:Enabled", "false", 0), ("Metrics:MaxSeries", 16, 17) })
        {
            await using var daemon = await DaemonProcess.StartAsync(config.Baton("Metrics:Enabled", "true").Baton(option, value));
            using var client = new HttpClient();
            for (var route = 0; route < 20; route++)
                using (await client.GetAsync(new Uri($"http://127.0.0.1:{daemon.Port}/p{route}"), Token))
                    Assert.Equal(1, daemon.Current.Number);
            var exposition = Exposition.Parse((await Scraper.GetAsync(daemon.AdminSocket, null, Token)).Body, openMetrics: false);
            Assert.Equal(expected, exposition.Samples.Keys.Count(name => name.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal)));
            daemon.AssertNoUnexpectedWarnings();
        }
    }
}
