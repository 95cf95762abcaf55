using System.Text.RegularExpressions;

namespace Baton.Configuration;

/// <summary>
/// Takes secrets out of the configuration where it is shown. What might be one is taken for one: whoever asks can look into the
/// file instead.
/// </summary>
internal static partial class SecretMask
{
    public const string Masked = "***";

    /// <summary>The value of a setting as it may be shown.</summary>
    /// <param name="key">Its full key.</param>
    /// <param name="value">Its value.</param>
    public static string? Of(string key, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return value;
        var segments = key.ToUpperInvariant().Split(':'); // Keys are not case-sensitive.
        return segments.Where((_, index) => !IsName(segments, index)).Any(IsSecret) || HoldsHeader(segments) ? Masked : InText(value);
    }

    /// <summary>The text without what in it might be a secret: user names and passwords in addresses, tokens in queries, keys.</summary>
    public static string InText(string text) =>
        KeyMaterial().IsMatch(text) ? Masked : Assignment().Replace(Credentials().Replace(UserInfo().Replace(text, $"$1{Masked}@"), $"$1 {Masked}"), $"$1{Masked}");

    /// <summary>Where a setting comes from, without its value: that of <c>--set</c> is in it.</summary>
    public static string Origin(string origin) =>
        origin.StartsWith("--set ", StringComparison.Ordinal) && origin.IndexOf('=', StringComparison.Ordinal) is > 0 and var end ? origin[..end] : origin;

    // What an operator calls a route, a cluster, a destination, an endpoint or a server: a route may well be called "tokens".
    private static bool IsName(string[] segments, int index) =>
        (index == 2 && segments[0] is "REVERSEPROXY" or "KESTREL") || (index == 4 && segments[3] is "DESTINATIONS" or "SNI");

    private static bool IsSecret(string segment) => SecretName().IsMatch(segment) && !HarmlessName().IsMatch(segment);

    // What a transform sets or a route matches in a header or a query may be a credential, whatever the header is called; so may
    // headers that an exporter or a sink sends.
    private static bool HoldsHeader(string[] segments) => segments switch
    {
        ["REVERSEPROXY", _, _, "TRANSFORMS", _, "SET" or "APPEND"] => true,
        ["REVERSEPROXY", _, _, "MATCH", "HEADERS" or "QUERYPARAMETERS", _, "VALUES", _] => true,
        ["REVERSEPROXY" or "KESTREL", ..] => false,
        _ => segments.Any(segment => segment.Contains("HEADER", StringComparison.Ordinal)),
    };

    [GeneratedRegex("pass(word|wd|phrase)?|pwd|token|secret|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key|account[-_.]?key|license|(^|[-_.])key$|^\\w*auth(orization)?([-_.]|$)|authkey|connection[-_.]?string|cookie$|signature|(^|[-_.])sas([-_.]|$)|bearer|jwt|session[-_.]?id|webhook|dsn$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // Names of things, and places of files.
    [GeneratedRegex("^(KeyPath|PassiveHealthCheck|Passive|Bypass\\w*|Pass[- _]?through|AuthorizationPolicy|AffinityKeyName|CancellationToken\\w*|Path\\w*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HarmlessName();

    // RFC 3986, 3.2.1: between the scheme and the last @ before the path.
    [GeneratedRegex(@"([a-z][a-z0-9+.\-]*://)[^/?#\s]+@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    // As in Authorization; RFC 9110, 11.4.
    [GeneratedRegex(@"\b(Bearer|Basic|Digest|Negotiate|ApiKey|Token)\s+[^\s,;""]{4,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Credentials();

    // In queries, connection strings and lists of headers.
    [GeneratedRegex(@"((?:^|[\s?&;,""'])[\w.\-]*(?:pass(?:word|wd|phrase)?|pwd|token|secret|credential|key|auth|authorization|signature|sig|session|jwt|code|cookie)[\w.\-]*\s*[=:](?!//)\s*)[^&;,\s""'][^&;,""']*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();

    // PEM (RFC 7468), and JSON web tokens (RFC 7519), which begin with {" in base64.
    [GeneratedRegex(@"-----BEGIN |\beyJ[\w\-]{8,}\.[\w\-]+")]
    private static partial Regex KeyMaterial();
}
