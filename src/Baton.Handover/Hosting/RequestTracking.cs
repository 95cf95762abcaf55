using Baton.Handover.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Handover.Hosting;

/// <summary>The middleware that knows which requests are in flight, and says <c>Connection: close</c> while draining.</summary>
internal sealed class RequestTracking(RequestDelegate next, RequestTable requests)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<HandoverConnection>() is not { } connection)
        {
            await next(context); // Not over our transport.
            return;
        }

        using var request = requests.Begin(connection, context);
        if (HttpProtocol.IsHttp2(context.Request.Protocol))
            connection.SpeaksHttp2 = true;
        if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol))
            context.Response.OnStarting(AskToCloseWhileDraining, (context, requests, connection));
        FollowTunnel(context, request);
        await next(context);
    }

    // At the last moment, so that a response whose head is written after the drain began says so too; RFC 9112, 9.6.
    private static Task AskToCloseWhileDraining(object state)
    {
        var (context, requests, connection) = ((HttpContext, RequestTable, HandoverConnection))state;
        if (requests.ShouldClose(connection) && context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols)
        {
            context.Response.Headers.Connection = "close";
            requests.CountAskedToClose();
        }

        return Task.CompletedTask;
    }

    private static void FollowTunnel(HttpContext context, TrackedRequest request)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            var isWebSocket = context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);
            context.Features.Set<IHttpUpgradeFeature>(new TunnelUpgrade(upgrade, request, isWebSocket));
        }

        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            context.Features.Set<IHttpExtendedConnectFeature>(new TunnelConnect(connect, request));
    }
}
