using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Yarp.ReverseProxy.Forwarder;

namespace Baton.Requests;

/// <summary>Why a request ended that YARP could not forward to its end.</summary>
internal static class ForwarderEnds
{
    public static RequestEnd Of(HttpContext context, ForwarderError error) => error switch
    {
        ForwarderError.None => RequestEnd.Completed,
        ForwarderError.NoAvailableDestinations => RequestEnd.NoDestination,
        ForwarderError.RequestTimedOut or ForwarderError.UpgradeActivityTimeout => RequestEnd.TimedOut,
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled
            or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeResponseCanceled => IsTimeout(context) ? RequestEnd.TimedOut : RequestEnd.ClientGone,
        ForwarderError.RequestBodyClient => IsActivityTimeout(context) ? RequestEnd.TimedOut
            : context.RequestAborted.IsCancellationRequested || context.Response.HasStarted || IsConnectionGone(context) ? RequestEnd.ClientGone
            : RequestEnd.Completed, // A body that is too large or malformed is answered with 4xx.
        ForwarderError.ResponseBodyClient => IsActivityTimeout(context) ? RequestEnd.TimedOut : RequestEnd.ClientGone,
        ForwarderError.UpgradeRequestClient => RequestEnd.ClientGone,
        ForwarderError.UpgradeResponseClient => context.Response.HasStarted ? RequestEnd.ClientGone : RequestEnd.Failed, // The upgrade was not accepted here.
        ForwarderError.RequestCreation => RequestEnd.Failed,
        _ => IsActivityTimeout(context) ? RequestEnd.TimedOut : RequestEnd.UpstreamFailed,
    };

    // A route's Timeout: it cancels what it replaces HttpContext.RequestAborted by, just as a client that goes does.
    private static bool IsTimeout(HttpContext context) =>
        context.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true;

    // Whoever reads a body may learn of it before HttpContext.RequestAborted tells. YARP may add what became of the request.
    private static bool IsConnectionGone(HttpContext context) => context.GetForwarderErrorFeature()?.Exception switch
    {
        AggregateException all => all.Flatten().InnerExceptions.Any(IsConnectionGone),
        var one => IsConnectionGone(one),
    };

    private static bool IsConnectionGone(Exception? e) => e is ConnectionResetException or ConnectionAbortedException;

    // A cluster's ActivityTimeout while a body is copied: YARP blames whichever side it was waiting for.
    private static bool IsActivityTimeout(HttpContext context) =>
        context.GetForwarderErrorFeature()?.Exception is OperationCanceledException;
}
