using System.Globalization;
using System.Text.Json;
using Baton.Requests;
using Microsoft.AspNetCore.Http;

namespace Baton.Metrics;

/// <summary>Counts each request when it has ended.</summary>
internal sealed class RequestMetrics(MetricsStore store) : IRequestObserver
{
    /// <summary>In place of a route, cluster or destination that a request did not get.</summary>
    public const string None = "(none)";

    /// <summary>In place of a status class, for a destination that has not answered.</summary>
    public const string Error = "error";

    private static readonly string[] StatusClasses = [.. Enumerable.Range(0, 10).Select(first => first.ToString(CultureInfo.InvariantCulture) + "xx")];

    private static readonly string[] Ends = [.. Enum.GetNames<RequestEnd>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private readonly SeriesTable _served = store[MetricFamilies.ServerDuration];
    private readonly SeriesTable _forwarded = store[MetricFamilies.ClientDuration];
    private readonly SeriesTable _bytesIn = store[MetricFamilies.RequestBytes];
    private readonly SeriesTable _bytesOut = store[MetricFamilies.ResponseBytes];
    private readonly SeriesTable _ends = store[MetricFamilies.RequestEnds];
    private readonly SeriesTable _retries = store[MetricFamilies.Retries];

    public void OnEnded(HttpContext context, ServedRequest request)
    {
        var route = request.Route ?? None;
        _served[new SeriesKey(route, ClassOf(request.Status))].Observe(request.Duration);
        _ends[new SeriesKey(route, Ends[(int)request.End])].Add(1);
        if (request.BytesIn > 0)
            _bytesIn[new SeriesKey(route)].Add(request.BytesIn);
        if (request.BytesOut > 0)
            _bytesOut[new SeriesKey(route)].Add(request.BytesOut);
        if (request.Cluster is null)
            return;

        if (request.Retries > 0)
            _retries[new SeriesKey(request.Cluster)].Add(request.Retries);
        if (request.Destination is { } destination)
            _forwarded[new SeriesKey(request.Cluster, destination, request.UpstreamTime is null ? Error : ClassOf(request.Status))].Observe(request.UpstreamTime ?? request.Duration);
    }

    /// <summary>"2xx" for 204.</summary>
    public static string ClassOf(int status) => StatusClasses[Math.Clamp(status / 100, 0, 9)];
}
