using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Baton.Admin.Page;

/// <summary>
/// One file of the page, out of the assembly: whichever generation answers sends its own. It holds nothing secret, and nothing
/// that it is sent with lets it load, or be framed by, anything from elsewhere.
/// </summary>
/// <param name="path">Where it is asked for.</param>
/// <param name="contentType">What it is sent as.</param>
/// <param name="resource">Its name in the assembly.</param>
internal sealed class PageFile(string path, string contentType, string resource)
{
    /// <summary>Everything from here and nothing from elsewhere, no code or style in the markup; CSP level 3.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly Lazy<(byte[] Content, EntityTagHeaderValue Tag)> _file = new(() => Read(resource));

    public string Path => path;

    public Task WriteAsync(HttpContext context)
    {
        var (content, tag) = _file.Value;
        var response = context.Response;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-cache"; // Kept, but asked for each time: the next generation may have another.
        response.Headers.ETag = tag.ToString();
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = contentType;
        response.ContentLength = content.Length;
        return response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }

    private static (byte[] Content, EntityTagHeaderValue Tag) Read(string resource)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return (content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\""));
    }
}
