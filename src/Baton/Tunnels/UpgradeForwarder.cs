using Baton.Handover.Hosting;
using Baton.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Baton.Tunnels;

/// <summary>
/// Forwards upgrade requests so that what they become is a tunnel of two sockets and the bytes between, and leaves all else
/// to YARP's forwarder. YARP's does the exchange of the heads here too, with its transforms, timeouts and errors; only at
/// the point where it would relay the bytes it is given none, and the sockets go to the tunnel.
/// </summary>
internal sealed partial class UpgradeForwarder(IHttpForwarder yarp, ILogger<UpgradeForwarder> logger) : IHttpForwarder
{
    // As YARP's, for a cluster that does not set one.
    private static readonly TimeSpan DefaultActivityTimeout = TimeSpan.FromSeconds(100);

    public ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer) =>
        SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, CancellationToken.None);

    // Every request passes here: an asynchronous method would cost those more that become no tunnel.
    public ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer, CancellationToken cancellationToken)
    {
        if (context.CanTunnel()
            && context.Features.Get<IReverseProxyFeature>() is { } proxy
            && IsPlainHttp1(destinationPrefix, requestConfig)
            && !LeadsToHttp(context.Request)
            && !HttpMethods.IsHead(context.Request.Method)) // The HTTP handler would keep the connection: nothing follows the head of an answer to HEAD.
            return UpgradeAsync(context, proxy.Cluster.Config, destinationPrefix, requestConfig, transformer, cancellationToken);

        CountedTunnel.Expect(context);
        return yarp.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, cancellationToken);
    }

    // Over TLS or HTTP/2 a tunnel has state that lives in this process.
    private static bool IsPlainHttp1(string destinationPrefix, ForwarderRequestConfig request) =>
        destinationPrefix.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        && (request.Version?.Major == 1 || request.VersionPolicy is null or HttpVersionPolicy.RequestVersionOrLower);

    // A tunnel that speaks HTTP (h2c, or TLS and then HTTP) would carry requests past the routes and their policies. YARP
    // forwards such a request without the upgrade, as RFC 9110, 7.8 allows.
    private static bool LeadsToHttp(HttpRequest request) =>
        request.Headers.GetCommaSeparatedValues("Upgrade").Any(protocol =>
            protocol.Split('/')[0].Trim().ToUpperInvariant() is "H2C" or "H2" or "HTTP" or "TLS");

    private async ValueTask<ForwarderError> UpgradeAsync(
        HttpContext context, ClusterConfig cluster, string destinationPrefix, ForwarderRequestConfig requestConfig, HttpTransformer transformer, CancellationToken cancellationToken)
    {
        // What the exchange needed is garbage by the time the tunnel, which may live for days, begins.
        var (error, upstream) = await ExchangeHeadsAsync(context, cluster, destinationPrefix, requestConfig, transformer, cancellationToken);
        return upstream is null ? error : await TunnelAsync(context, upstream, requestConfig.ActivityTimeout ?? DefaultActivityTimeout);
    }

    private async Task<(ForwarderError Error, UpstreamSwitch? Upstream)> ExchangeHeadsAsync(
        HttpContext context, ClusterConfig cluster, string destinationPrefix, ForwarderRequestConfig requestConfig, HttpTransformer transformer, CancellationToken cancellationToken)
    {
        var deferred = new DeferredUpgrade();
        var handler = new UpgradeHandler(context);
        using var client = new UpgradeClientFactory(handler).Create(cluster);
        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        context.Features.Set<IHttpUpgradeFeature>(deferred);
        var isReady = false;
        try
        {
            var error = await yarp.SendAsync(context, destinationPrefix, client, requestConfig, transformer, cancellationToken);
            isReady = deferred.IsAccepted && error == ForwarderError.None;
            return (error, isReady ? handler.Switch : null);
        }
        finally
        {
            context.Features.Set(upgrade);
            if (!isReady)
                handler.Switch?.Socket.Dispose(); // As when a transform has replaced the response.
        }
    }

    private async Task<ForwarderError> TunnelAsync(HttpContext context, UpstreamSwitch upstream, TimeSpan activityTimeout)
    {
        try
        {
            var (fromClient, toClient) = await context.TunnelAsync(upstream.Socket, upstream.Beyond, activityTimeout);
            if (context.Features.Get<ServedRequest>() is { } request)
                (request.BytesIn, request.BytesOut) = (fromClient, toClient);
            return ForwarderError.None;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // As when Kestrel's MaxConcurrentUpgradedConnections is reached.
            NotAccepted(logger, context.GetEndpoint()?.DisplayName, e.Message, e);
            context.Features.Set<IForwarderErrorFeature>(new TunnelError(ForwarderError.UpgradeResponseClient, e));
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return ForwarderError.UpgradeResponseClient;
        }
    }

    [LoggerMessage(3001, LogLevel.Warning, "An upgrade on route '{Route}' that its destination had accepted was not completed to the client: {Reason}")]
    private static partial void NotAccepted(ILogger logger, string? route, string reason, Exception exception);
}
