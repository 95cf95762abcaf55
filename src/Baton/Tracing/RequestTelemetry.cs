using System.Diagnostics;
using Baton.Metrics;
using Baton.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Tracing;

/// <summary>Says of each request, in its span and in the exported metrics, what the access log says of it.</summary>
internal sealed class RequestTelemetry(TelemetryMeter meter) : IRequestObserver
{
    /// <summary>The route, on every span of a request that is traffic.</summary>
    public const string Route = "http.route";

    public void OnEnded(HttpContext context, ServedRequest request)
    {
        var route = request.Route ?? RequestMetrics.None;
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
            Describe(span, context.Request, request, route);

        var method = KnownMethod(context.Request.Method);
        meter.ServerDuration.Record(request.Duration.TotalSeconds, new(Route, route), new("http.request.method", method), new("http.response.status_code", request.Status));
        if (request is { Cluster: { } cluster, Destination: { } destination })
            meter.ClientDuration.Record((request.UpstreamTime ?? request.Duration).TotalSeconds, Upstream(request, cluster, destination, method));
    }

    private static void Describe(Activity span, HttpRequest http, ServedRequest request, string route)
    {
        span.DisplayName = $"{KnownMethod(http.Method)} {route}";
        span.SetTag(Route, route);
        span.SetTag("http.request.method", KnownMethod(http.Method));
        span.SetTag("url.scheme", http.Scheme);
        span.SetTag("url.path", http.Path.Value);
        span.SetTag("server.address", http.Host.Host);
        span.SetTag("network.protocol.version", http.Protocol.Split('/')[^1]);
        span.SetTag("http.response.status_code", request.Status);
        span.SetTag("baton.cluster", request.Cluster);
        span.SetTag("baton.destination", request.Destination);
        span.SetTag("baton.retries", request.Retries);
        span.SetTag("baton.end", request.End.ToString());
        if (request.Status >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error, request.End.ToString());
    }

    private static TagList Upstream(ServedRequest request, string cluster, string destination, string method)
    {
        var tags = new TagList { { "baton.cluster", cluster }, { "baton.destination", destination }, { "http.request.method", method } };
        if (request.UpstreamTime is null)
            tags.Add("error.type", request.End.ToString());
        else
            tags.Add("http.response.status_code", request.Status);
        return tags;
    }

    // A client can make up methods without end: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/.
    private static string KnownMethod(string method) =>
        method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "PATCH" or "OPTIONS" or "TRACE" or "CONNECT" ? method : "_OTHER";
}
