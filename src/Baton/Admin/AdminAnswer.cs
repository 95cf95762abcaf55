using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Baton.Admin;

/// <summary>How the admin interface answers: in JSON, and never from a cache.</summary>
internal static class AdminAnswer
{
    public static Task WriteAsync<T>(HttpContext context, int code, T document, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = code;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(document, type, cancellationToken: context.RequestAborted);
    }

    /// <param name="context">The request.</param>
    /// <param name="code">The status code.</param>
    /// <param name="error">What is wrong with it, and what would be right.</param>
    public static Task RefuseAsync(HttpContext context, int code, string error) =>
        WriteAsync(context, code, new ErrorDocument(error), AdminFormat.Default.ErrorDocument);
}
