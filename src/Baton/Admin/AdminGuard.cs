using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Baton.Admin;

/// <summary>
/// Who may ask on TCP: whoever knows the token; without one, whoever is on this machine and is not a browser that another site
/// has sent. A page of another site can reach a loopback address, by a name of its own that it lets resolve to it (DNS
/// rebinding) or by requests whose answers it cannot read but which do what they say.
/// </summary>
/// <param name="token">Null if none is configured.</param>
internal sealed class AdminGuard(string? token)
{
    // Nothing that this interface takes needs more.
    private const int MostBodyBytes = 64 * 1024;

    private const string Scheme = "Bearer ";

    // Asked by load balancers and by kubelets, which have no token; they tell nothing that a connection does not.
    private static readonly string[] Open = ["/healthz", "/readyz"];

    // Of equal length, so that the comparison takes the same time whatever was guessed.
    private readonly byte[]? _expected = token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <param name="context">The request.</param>
    /// <param name="isPageFile">Whether it asks for a file of the page, which tells nothing of this daemon.</param>
    /// <returns>Why it is refused; null if it is not.</returns>
    public (int Code, string Why)? Refusal(HttpContext context, bool isPageFile)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MostBodyBytes;
        if (context.Request.ContentLength > MostBodyBytes)
            return (StatusCodes.Status413PayloadTooLarge, $"A request here has at most {MostBodyBytes} bytes.");
        return context.Features.Get<AdminConnection>() is { IsTcp: true } ? RefusalOnTcp(context, isPageFile) : null;
    }

    private (int Code, string Why)? RefusalOnTcp(HttpContext context, bool isPageFile)
    {
        var request = context.Request;
        if (_expected is null && !IsHostOfThisMachine(request.Host))
            return (StatusCodes.Status421MisdirectedRequest, $"Ask for an IP address or localhost: '{request.Host}' is a name, and whoever owns it may have let it resolve to this machine.");
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && IsOfAnotherSite(request))
            return (StatusCodes.Status403Forbidden, "A page of another site has sent this request.");
        if (_expected is null || isPageFile || Open.Contains(request.Path.Value) || HasToken(request))
            return null;
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"baton\"";
        return (StatusCodes.Status401Unauthorized, "Send the token of Baton:Admin:Token: Authorization: Bearer TOKEN.");
    }

    // HTTP/1.0 may come without a host, as health checks of load balancers do; browsers always send one.
    private static bool IsHostOfThisMachine(HostString host) =>
        !host.HasValue || host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Host.Trim('[', ']'), out _);

    // Both are set by the browser, and no script can change them; https://www.w3.org/TR/fetch-metadata/, RFC 6454, 7.
    private static bool IsOfAnotherSite(HttpRequest request) =>
        (request.Headers.Origin.Count > 0 && request.Headers.Origin != $"http://{request.Host}")
        || (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site != "same-origin" && site != "none");

    private bool HasToken(HttpRequest request) =>
        request.Headers[HeaderNames.Authorization] is [{ } given]
        && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given[Scheme.Length..].Trim())), _expected);
}
