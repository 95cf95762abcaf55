using Baton.Handover.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Baton.Requests;

/// <summary>The middleware that measures each request and tells the observers of it.</summary>
internal sealed class RequestObservation(RequestDelegate next, IEnumerable<IRequestObserver> observers, TimeProvider clock, ILogger<RequestObservation> log)
{
    private readonly IRequestObserver[] _observers = [.. observers];

    public async Task InvokeAsync(HttpContext context)
    {
        using var scope = log.BeginScope(new RequestScope(context));
        if (context.GetEndpoint()?.Metadata.GetMetadata<NotTraffic>() is not null)
        {
            await next(context);
            return;
        }

        var start = clock.GetTimestamp();
        var request = new ServedRequest { StartedAt = clock.GetUtcNow() };
        context.Features.Set(request);
        CountBodies(context, request);
        try
        {
            await next(context);
            request.Status = context.Response.StatusCode;
        }
        catch (Exception e)
        {
            // What the server answers, if nothing was answered yet.
            request.Status = context.Response.HasStarted ? context.Response.StatusCode : (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;
            request.End = EndOf(e, context);
            throw;
        }
        finally
        {
            request.Duration = clock.GetElapsedTime(start);
            Describe(context, request);
            Judge(context, request);
            if (context.Features.Get<IInnerConnectionFeature>() is null) // A warm-up is measured, so that this is warm too.
            {
                foreach (var observer in _observers)
                    observer.OnEnded(context, request);
            }
        }
    }

    private static void CountBodies(HttpContext context, ServedRequest request)
    {
        // To HEAD the server sends nothing of what is written; RFC 9110, 9.3.2.
        if (!HttpMethods.IsHead(context.Request.Method))
            context.Features.Set<IHttpResponseBodyFeature>(new CountedResponseBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), request));
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false })
            context.Request.Body = new CountedStream(context.Request.Body, request);
    }

    private static RequestEnd EndOf(Exception e, HttpContext context) =>
        e is ConnectionResetException or ConnectionAbortedException ? RequestEnd.ClientGone // What reads may learn of it before RequestAborted tells.
        : context.RequestAborted.IsCancellationRequested && e is IOException or OperationCanceledException ? RequestEnd.ClientGone
        : e is BadHttpRequestException && !context.Response.HasStarted ? RequestEnd.Completed // It is answered with 4xx.
        : RequestEnd.Failed;

    private static void Describe(HttpContext context, ServedRequest request)
    {
        if (context.Features.Get<IReverseProxyFeature>() is not { } proxy)
            return;
        request.Route = proxy.Route.Config.RouteId;
        request.Cluster = proxy.Cluster.Config.ClusterId;
        request.Destination = proxy.ProxiedDestination?.DestinationId;
    }

    private static void Judge(HttpContext context, ServedRequest request)
    {
        if (request is { End: RequestEnd.Completed, Status: StatusCodes.Status503ServiceUnavailable } && context.GetForwarderErrorFeature()?.Error == ForwarderError.NoAvailableDestinations)
            request.End = RequestEnd.NoDestination; // YARP asks no forwarder then.

        var isTunnel = request.Status == StatusCodes.Status101SwitchingProtocols;
        if (context.RequestAborted.IsCancellationRequested || isTunnel)
        {
            if ((request.End != RequestEnd.Completed || isTunnel || !context.Response.HasStarted) && context.WasCutByDrain())
                request.End = RequestEnd.Cut;
            else if (request.End == RequestEnd.Completed && !context.Response.HasStarted)
                request.End = RequestEnd.ClientGone;
        }

        // Nobody got the answer that was meant for it, and a 5xx would speak of a fault that was none; the number is nginx's.
        if (request.End == RequestEnd.ClientGone && !context.Response.HasStarted)
            request.Status = StatusCodes.Status499ClientClosedRequest;
    }
}
