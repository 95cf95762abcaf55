using Baton.Handover;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Baton.Requests;

/// <summary>Counts the requests that failed at a destination, or for which there was none.</summary>
internal sealed class UpstreamFailures(TrafficCounters traffic) : IRequestObserver
{
    public void OnEnded(HttpContext context, ServedRequest request)
    {
        if (request.End == RequestEnd.Completed) // Nearly all, and the server searches long for a feature.
            return;
        if (context.GetForwarderErrorFeature() is { Error: var error } && IsUpstream(error) && !context.RequestAborted.IsCancellationRequested)
            traffic.CountUpstreamFailure();
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
