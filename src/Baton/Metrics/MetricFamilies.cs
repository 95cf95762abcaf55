using System.Reflection;

namespace Baton.Metrics;

/// <summary>
/// Every family that goes on from generation to generation. Those of requests have the names, units and buckets of
/// OpenTelemetry's semantic conventions for HTTP metrics, as Prometheus writes them; what these do not know begins with baton.
/// </summary>
internal static class MetricFamilies
{
    // https://opentelemetry.io/docs/specs/semconv/http/http-metrics/, "ExplicitBucketBoundaries".
    public static readonly IReadOnlyList<double> RequestBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    // From an upgrade with nothing to drain to a long Baton:DrainTimeout.
    private static readonly double[] UpgradeBounds = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

    public static readonly MetricFamily ServerDuration = Duration(
        "http_server_request_duration_seconds", "From the head of a request until the last byte of its answer.", RequestBounds, "http_route", "http_response_status_class");

    public static readonly MetricFamily ClientDuration = Duration(
        "http_client_request_duration_seconds", "From sending a request to a destination until the head of its answer.", RequestBounds, "baton_cluster", "baton_destination", "http_response_status_class");

    public static readonly MetricFamily RequestBytes = new("baton_request_body_bytes", "Bytes of bodies that were read from clients.", "http_route") { Unit = "bytes" };

    public static readonly MetricFamily ResponseBytes = new("baton_response_body_bytes", "Bytes of bodies that were written to clients.", "http_route") { Unit = "bytes" };

    public static readonly MetricFamily RequestEnds = new("baton_request_ends", "Requests by why they ended.", "http_route", "baton_end");

    public static readonly MetricFamily Retries = new("baton_request_retries", "Requests that were sent to another destination after one could not be reached.", "baton_cluster");

    public static readonly MetricFamily Connections = new("baton_connections_accepted", "Connections that were accepted; one that moves to another generation is counted once.");

    public static readonly MetricFamily LostLogLines = new("baton_access_log_lost_lines", "Lines of the access log that found no room in its queue, or could not be written.");

    public static readonly MetricFamily Upgrades = new("baton_upgrades", "Upgrades by how they ended.", "outcome");

    public static readonly MetricFamily UpgradeDuration = Duration("baton_upgrade_duration_seconds", "From the launch of a successor to the end of the upgrade.", UpgradeBounds, "outcome");

    public static readonly MetricFamily DrainDuration = Duration("baton_drain_duration_seconds", "From the begin of a drain until nothing was left.", UpgradeBounds);

    public static readonly MetricFamily DrainRequests = new("baton_drain_requests_finished", "Requests that were answered during drains.");

    public static readonly MetricFamily DrainConnections = new("baton_drain_connections", "Connections by how a draining generation let go of them.", "baton_result");

    public static readonly MetricFamily DrainCut = new("baton_drain_cut", "Requests, tunnels and connections that the deadline of a drain ended.", "http_route", "baton_kind");

    public static readonly MetricFamily ProcessCpu = new("process_cpu_seconds", "Processor time of all generations.") { Unit = "seconds", Scale = TimeSpan.TicksPerSecond };

    public static readonly MetricFamily Collections = new("dotnet_gc_collections", "Garbage collections of all generations of the daemon.", "gc_heap_generation");

    public static readonly MetricFamily Allocated = new("dotnet_gc_heap_allocated_bytes", "Bytes that all generations of the daemon have allocated.") { Unit = "bytes" };

    /// <summary>In the order above.</summary>
    public static readonly IReadOnlyList<MetricFamily> All =
        [.. typeof(MetricFamilies).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(MetricFamily)).Select(field => (MetricFamily)field.GetValue(null)!)];

    private static MetricFamily Duration(string name, string help, IReadOnlyList<double> bounds, params IReadOnlyList<string> labels) =>
        new(name, help, labels) { Unit = "seconds", Bounds = bounds, Scale = TimeSpan.TicksPerSecond };
}
