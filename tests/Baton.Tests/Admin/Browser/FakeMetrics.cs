using System.Text;

namespace Baton.Tests.Admin.Browser;

/// <summary>A scrape in Prometheus text: with each, some more requests have been served.</summary>
internal sealed class FakeMetrics
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _counts = [];

    /// <summary>What is added to the requests of a route with each scrape. A quarter of them takes 5 to 10 ms, the others less.</summary>
    public Dictionary<string, int> PerScrape { get; } = new() { ["api"] = 40 };

    /// <summary>The same for answers with 5xx.</summary>
    public Dictionary<string, int> ErrorsPerScrape { get; } = [];

    /// <summary>As after a restart.</summary>
    public void Reset()
    {
        lock (_lock)
            _counts.Clear();
    }

    public string Scrape()
    {
        lock (_lock)
        {
            var text = new StringBuilder("# TYPE http_server_request_duration_seconds histogram\n");
            foreach (var (route, more) in PerScrape)
                Write(text, route, "2xx", more);
            foreach (var (route, more) in ErrorsPerScrape)
                Write(text, route, "5xx", more);
            return text.Append("http_server_active_requests 3\n").ToString();
        }
    }

    private void Write(StringBuilder text, string route, string status, int more)
    {
        var count = _counts[route + status] = _counts.GetValueOrDefault(route + status) + more;
        var value = route.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        foreach (var (server, labels) in new[] { (true, $"http_route=\"{value}\""), (false, $"baton_cluster=\"app\",baton_destination=\"blue\"") })
        {
            var name = $"http_{(server ? "server" : "client")}_request_duration_seconds";
            foreach (var (bound, part) in new[] { ("0.005", count * 3 / 4), ("0.01", count), ("+Inf", count) })
                text.Append(FormattableString.Invariant($"{name}_bucket{{{labels},http_response_status_class=\"{status}\",le=\"{bound}\"}} {part}\n"));
            text.Append(FormattableString.Invariant($"{name}_count{{{labels},http_response_status_class=\"{status}\"}} {count}\n"));
        }
    }
}
