using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.SessionAffinity;

namespace Baton.Features;

/// <summary>
/// The affinity policy <c>HashCookie</c>: a cookie holds a hash of the destination's id, the same in every generation and
/// on every machine, without a key to share.
/// </summary>
/// <remarks>
/// YARP's own policy of this name needs XxHash64 from System.IO.Hashing, a package that does not restore everywhere and
/// that baton leaves out (see Baton.csproj). This one behaves alike with a hash of the base library. A cookie set by a
/// plain YARP is not recognised: that client is sent to a destination anew, once, as FailurePolicy says.
/// </remarks>
internal sealed class HashCookiePolicy(TimeProvider time) : ISessionAffinityPolicy
{
    private const int HashLength = 8; // bytes, as YARP's: enough to tell the destinations of a cluster apart

    private static readonly object Found = new();

    private readonly ConditionalWeakTable<DestinationState, string> _hashes = [];

    public string Name => SessionAffinityConstants.Policies.HashCookie;

    public AffinityResult FindAffinitizedDestinations(
        HttpContext context, ClusterState cluster, SessionAffinityConfig config, IReadOnlyList<DestinationState> destinations)
    {
        if (context.Request.Cookies[config.AffinityKeyName] is not { } wanted)
            return new AffinityResult(null, AffinityStatus.AffinityKeyNotSet);

        foreach (var destination in destinations)
        {
            if (!wanted.Equals(HashOf(destination), StringComparison.Ordinal))
                continue;
            context.Items[Found] = wanted;
            return new AffinityResult(destination, AffinityStatus.OK);
        }

        return new AffinityResult(null, AffinityStatus.DestinationNotFound);
    }

    public void AffinitizeResponse(HttpContext context, ClusterState cluster, SessionAffinityConfig config, DestinationState destination)
    {
        if (context.Items.ContainsKey(Found))
            return; // the client has the cookie already

        var cookie = config.Cookie;
        context.Response.Cookies.Append(config.AffinityKeyName, HashOf(destination), new CookieOptions
        {
            Path = cookie?.Path ?? "/",
            Domain = cookie?.Domain,
            HttpOnly = cookie?.HttpOnly ?? true,
            SameSite = cookie?.SameSite ?? SameSiteMode.Unspecified,
            IsEssential = cookie?.IsEssential ?? false,
            MaxAge = cookie?.MaxAge,
            Expires = cookie?.Expiration is { } expiration ? time.GetUtcNow() + expiration : null,
            Secure = cookie?.SecurePolicy == CookieSecurePolicy.Always
                || (cookie?.SecurePolicy == CookieSecurePolicy.SameAsRequest && context.Request.IsHttps),
        });
    }

    private string HashOf(DestinationState destination) => _hashes.GetValue(destination, static destination =>
    {
        // Ids are not case-sensitive in a configuration, so their case must not matter here either.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(destination.DestinationId.ToUpperInvariant()));
        return Convert.ToHexStringLower(hash.AsSpan(0, HashLength));
    });
}
