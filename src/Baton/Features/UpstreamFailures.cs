using Baton.Handover;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace Baton.Features;

/// <summary>Counts the requests that failed at a destination, or for which there was none.</summary>
internal static class UpstreamFailures
{
    public static void UseUpstreamFailures(this WebApplication app)
    {
        var traffic = app.Services.GetRequiredService<TrafficCounters>();
        app.Use(async (context, next) =>
        {
            await next(context);
            if (context.GetForwarderErrorFeature() is { Error: var error } && IsUpstream(error) && !context.RequestAborted.IsCancellationRequested)
                traffic.CountUpstreamFailure();
        });
    }

    private static bool IsUpstream(ForwarderError error) => error is
        ForwarderError.Request or
        ForwarderError.RequestTimedOut or
        ForwarderError.RequestCreation or
        ForwarderError.RequestBodyDestination or
        ForwarderError.ResponseHeaders or
        ForwarderError.ResponseBodyDestination or
        ForwarderError.UpgradeRequestDestination or
        ForwarderError.UpgradeResponseDestination or
        ForwarderError.UpgradeActivityTimeout or
        ForwarderError.NoAvailableDestinations;
}
