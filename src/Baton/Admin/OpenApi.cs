using Microsoft.AspNetCore.Http;

namespace Baton.Admin;

/// <summary>The description of the admin interface, as it was built with it.</summary>
internal static class OpenApi
{
    private const string Resource = "openapi.json";

    public static async Task WriteAsync(HttpContext context)
    {
        await using var document = typeof(OpenApi).Assembly.GetManifestResourceStream(Resource)!;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = document.Length;
        context.Response.Headers.CacheControl = "no-store";
        await document.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
