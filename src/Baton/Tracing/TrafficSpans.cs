using System.Diagnostics;
using OpenTelemetry;

namespace Baton.Tracing;

/// <summary>Keeps back what is no traffic: the admin interface, canaries, the warm-up, and health probes.</summary>
internal sealed class TrafficSpans : BaseProcessor<Activity>
{
    /// <summary>The source of the span of a request that comes in.</summary>
    public const string Server = "Microsoft.AspNetCore";

    /// <summary>The source of the span of a request that goes out.</summary>
    public const string Client = "System.Net.Http";

    // An exporter passes over what is not recorded.
    public override void OnEnd(Activity data)
    {
        var isTraffic = data.Source.Name == Server ? data.GetTagItem(RequestTelemetry.Route) is not null : data.Parent is not null;
        if (!isTraffic)
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
