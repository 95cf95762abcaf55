using Baton.Handover.Hosting;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace Baton.Requests;

/// <summary>The middleware that measures each request and tells the observers of it.</summary>
internal sealed class RequestObservation(RequestDelegate next, IEnumerable<IRequestObserver> observers, TimeProvider clock)
{
    private readonly IRequestObserver[] _observers = [.. observers];

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IInnerConnectionFeature>() is not null || context.GetEndpoint()?.Metadata.GetMetadata<NotTraffic>() is not null)
        {
            await next(context);
            return;
        }

        var start = clock.GetTimestamp();
        var request = new ServedRequest { StartedAt = clock.GetUtcNow() };
        context.Features.Set(request);
        try
        {
            await next(context);
            request.Status = context.Response.StatusCode;
        }
        catch (Exception e)
        {
            // What the server answers, if nothing was answered yet.
            request.Status = context.Response.HasStarted ? context.Response.StatusCode : (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;
            request.End = RequestEnd.Failed;
            throw;
        }
        finally
        {
            request.Duration = clock.GetElapsedTime(start);
            Describe(context, request);
            foreach (var observer in _observers)
                observer.OnEnded(context, request);
        }
    }

    private static void Describe(HttpContext context, ServedRequest request)
    {
        if (context.Features.Get<IReverseProxyFeature>() is not { } proxy)
            return;
        request.Route = proxy.Route.Config.RouteId;
        request.Cluster = proxy.Cluster.Config.ClusterId;
        request.Destination = proxy.ProxiedDestination?.DestinationId;
    }
}
