using Baton.Handover.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Baton.Handover.Hosting;

/// <summary>The middleware that knows which requests are in flight, says <c>Connection: close</c> while draining, and counts answers.</summary>
internal sealed class RequestTracking(RequestDelegate next, RequestTable requests, TrafficCounters traffic)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<HandoverConnection>() is not { } connection)
        {
            await next(context); // Not over our transport.
            return;
        }

        if (HttpProtocol.IsHttp2(context.Request.Protocol))
            connection.SpeaksHttp2 = true;
        using var request = requests.Begin(connection, context);
        if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol))
            context.Response.OnStarting(BeginAnswer, request);
        FollowTunnel(context, request);
        if (IsForThisHop(context.Request))
            return; // 200 with nothing in it: somebody answers here.
        try
        {
            await next(context);
            Count(connection, context, context.Response.StatusCode);
        }
        catch (Exception e)
        {
            // What the server answers, if nothing was answered yet.
            Count(connection, context, context.Response.HasStarted ? context.Response.StatusCode : (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError);
            throw;
        }
    }

    // A proxy must answer it itself; RFC 9110, 7.6.2.
    private static bool IsForThisHop(HttpRequest request) => HttpMethods.IsOptions(request.Method) && request.Headers[HeaderNames.MaxForwards] == "0";

    // A client that is gone says nothing about the answer it would have got; one may also go as soon as it has its answer.
    private void Count(HandoverConnection connection, HttpContext context, int status)
    {
        if (connection.IsInner || context.GetEndpoint()?.Metadata.GetMetadata<NotTraffic>() is not null)
            return;
        if (context.RequestAborted.IsCancellationRequested && (status >= 500 || !context.Response.HasStarted))
            traffic.CountAborted();
        else
            traffic.CountAnswer(status);
    }

    // At the last moment, so that a response whose head is written after the drain began says so too; RFC 9112, 9.6.
    private static Task BeginAnswer(object state)
    {
        var request = (TrackedRequest)state;
        request.Connection.BeginAnswer(request.Response.ContentLength is not null);
        if (request.ShouldClose && request.Response.StatusCode != StatusCodes.Status101SwitchingProtocols)
        {
            request.Response.Headers.Connection = "close";
            request.CountAskedToClose();
        }

        return Task.CompletedTask;
    }

    // A look at the request first: few are such, and the server searches long for a feature.
    private static void FollowTunnel(HttpContext context, TrackedRequest request)
    {
        if (context.Request.Headers.Connection.Count > 0 && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            var isWebSocket = context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);
            context.Features.Set<IHttpUpgradeFeature>(new TunnelUpgrade(upgrade, request, isWebSocket));
        }

        if (HttpMethods.IsConnect(context.Request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            context.Features.Set<IHttpExtendedConnectFeature>(new TunnelConnect(connect, request));
    }
}
