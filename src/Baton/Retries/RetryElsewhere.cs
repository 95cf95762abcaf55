using Baton.Requests;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.SessionAffinity;

namespace Baton.Retries;

/// <summary>
/// Sends a request to another available destination when the one that was chosen could not be connected to. Nothing has been
/// sent then, so that it is safe for every method; RFC 9110, 9.2.2. It stands before the load balancing, which chooses
/// anew, and before the passive health checks, which see every attempt.
/// </summary>
internal sealed class RetryElsewhere(RequestDelegate next, int most)
{
    public Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        return proxy.AllDestinations.Count > 1 ? InvokeAsync(context, proxy) : next(context); // There is no elsewhere.
    }

    private async Task InvokeAsync(HttpContext context, IReverseProxyFeature proxy)
    {
        var offered = proxy.AvailableDestinations;
        List<DestinationState>? tried = null;
        while (true)
        {
            await next(context);
            if (context.Response.StatusCode < StatusCodes.Status500InternalServerError || proxy.ProxiedDestination is not { } failed || !MayGoElsewhere(context))
                return;

            tried ??= new List<DestinationState>(most);
            if (tried.Count == most)
                return;
            tried.Add(failed);
            var others = Others(proxy, offered, tried);
            if (others.Count == 0)
                return;

            context.Response.Clear();
            context.Features.Set<IForwarderErrorFeature>(null);
            proxy.ProxiedDestination = null;
            proxy.AvailableDestinations = others;
            if (context.Features.Get<ServedRequest>() is { } request)
                request.Retries++;
        }
    }

    /// <summary>Whether this is why no connection came about, be it refused, unknown, not trusted, or silent for too long.</summary>
    public static bool IsUnconnected(Exception? exception) => exception is
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
        or OperationCanceledException { InnerException: TimeoutException }; // How SocketsHttpHandler tells its ConnectTimeout from other cancellations.

    // A body is read only for a connection, so that none of it is gone; looked at all the same, since it cannot be read twice.
    private static bool MayGoElsewhere(HttpContext context) =>
        context.GetForwarderErrorFeature() is { Error: ForwarderError.Request or ForwarderError.RequestTimedOut } error
        && IsUnconnected(error.Exception)
        && !context.Response.HasStarted
        && !context.RequestAborted.IsCancellationRequested
        && context.Features.Get<ServedRequest>() is not { BytesIn: > 0 };

    // As of now: passive health may have taken some out meanwhile. A client that sticks to its destination goes elsewhere as
    // the FailurePolicy of its cluster says.
    private static List<DestinationState> Others(IReverseProxyFeature proxy, IReadOnlyList<DestinationState> offered, List<DestinationState> tried)
    {
        var sticks = proxy.Cluster.Config.SessionAffinity is { Enabled: true, FailurePolicy: var policy }
            && SessionAffinityConstants.FailurePolicies.Return503Error.Equals(policy, StringComparison.OrdinalIgnoreCase);
        var available = sticks ? offered : proxy.Route.Cluster?.DestinationsState.AvailableDestinations ?? offered;
        return [.. available.Where(destination => !tried.Contains(destination))];
    }
}
