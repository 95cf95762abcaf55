using System.Text.Json.Serialization.Metadata;
using Baton.Canary;
using Baton.Handover;
using Microsoft.AspNetCore.Http;

namespace Baton.Admin;

/// <summary>
/// The requests of the admin socket. None of them waits for an upgrade: it would be in flight in the predecessor, and hold up
/// the very drain that it waits for. A rehearsal is waited for: no drain follows it.
/// </summary>
internal sealed class AdminApi(StatusSource status, HealthAnswers health, Upgrader upgrader, CanaryTokens canaries)
{
    public Task HandleAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET", "/status") => WriteAsync(context, StatusCodes.Status200OK, status.Look(), AdminFormat.Default.StatusDocument),
        ("GET", "/healthz") => health.AliveAsync(context),
        ("GET", "/readyz") => health.ReadyAsync(context),
        ("POST", "/upgrade") => UpgradeAsync(context),
        ("POST", "/canary") => WriteAsync(context, StatusCodes.Status200OK, new CanaryDocument(canaries.Issue()), AdminFormat.Default.CanaryDocument),
        (_, "/status" or "/healthz" or "/readyz") => RefuseMethodAsync(context, "GET"),
        (_, "/upgrade" or "/canary") => RefuseMethodAsync(context, "POST"),
        _ => WriteAsync(context, StatusCodes.Status404NotFound, new ErrorDocument("There is GET /status, GET /healthz, GET /readyz, POST /upgrade and POST /canary."), AdminFormat.Default.ErrorDocument),
    };

    // Answered with what was so before: whoever follows the upgrade tells its report from those by it.
    private Task UpgradeAsync(HttpContext context)
    {
        if (context.Request.Query.TryGetValue("dryRun", out var text))
        {
            if (!bool.TryParse(text, out var isDryRun))
                return WriteAsync(context, StatusCodes.Status400BadRequest, new ErrorDocument($"dryRun is '{text}', but it must be true or false."), AdminFormat.Default.ErrorDocument);
            if (isDryRun)
                return RehearseAsync(context);
        }

        var before = status.Look();
        upgrader.RequestUpgrade("the admin socket");
        return WriteAsync(context, StatusCodes.Status202Accepted, before, AdminFormat.Default.StatusDocument);
    }

    private async Task RehearseAsync(HttpContext context)
    {
        try
        {
            var report = await upgrader.RehearseAsync("the admin socket").WaitAsync(context.RequestAborted);
            await WriteAsync(context, StatusCodes.Status200OK, report, AdminFormat.Default.UpgradeReport);
        }
        catch (HandoverException e)
        {
            await WriteAsync(context, StatusCodes.Status409Conflict, new ErrorDocument(string.Join(" ", e.Reasons)), AdminFormat.Default.ErrorDocument);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone. The rehearsal goes on to its end, and the log has its report.
        }
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
