using System.Text.Json.Serialization.Metadata;
using Baton.Canary;
using Baton.Handover;
using Baton.Metrics;
using Microsoft.AspNetCore.Http;

namespace Baton.Admin;

/// <summary>
/// The requests of the admin socket. None of them waits for an upgrade: it would be in flight in the predecessor, and hold up
/// the very drain that it waits for.
/// </summary>
internal sealed class AdminApi(StatusSource status, HealthAnswers health, Upgrader upgrader, CanaryTokens canaries, MetricsAnswer metrics)
{
    public Task HandleAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET", "/status") => WriteAsync(context, StatusCodes.Status200OK, status.Look(), AdminFormat.Default.StatusDocument),
        ("GET", "/healthz") => health.AliveAsync(context),
        ("GET", "/readyz") => health.ReadyAsync(context),
        ("GET", "/metrics") => metrics.WriteAsync(context),
        ("POST", "/upgrade") => UpgradeAsync(context),
        ("POST", "/canary") => WriteAsync(context, StatusCodes.Status200OK, new CanaryDocument(canaries.Issue()), AdminFormat.Default.CanaryDocument),
        (_, "/status" or "/healthz" or "/readyz") => RefuseMethodAsync(context, "GET"),
        (_, "/upgrade" or "/canary") => RefuseMethodAsync(context, "POST"),
        _ => WriteAsync(context, StatusCodes.Status404NotFound, new ErrorDocument("There is GET /status, GET /healthz, GET /readyz, POST /upgrade and POST /canary."), AdminFormat.Default.ErrorDocument),
    };

    // Answered with what was so before: whoever follows the upgrade tells its report from those by it.
    private Task UpgradeAsync(HttpContext context)
    {
        var before = status.Look();
        upgrader.RequestUpgrade("the admin socket");
        return WriteAsync(context, StatusCodes.Status202Accepted, before, AdminFormat.Default.StatusDocument);
    }

    private static Task RefuseMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return WriteAsync(
            context, StatusCodes.Status405MethodNotAllowed, new ErrorDocument($"{context.Request.Path} needs {allowed}."), AdminFormat.Default.ErrorDocument);
    }

    private static Task WriteAsync<T>(HttpContext context, int code, T document, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = code;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(document, type, cancellationToken: context.RequestAborted);
    }
}
