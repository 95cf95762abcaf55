using System.Globalization;
using Baton.Handover.Transport;
using Yarp.ReverseProxy.Configuration;

namespace Baton.Configuration;

/// <summary>
/// What a route says, in its <c>Metadata</c>, about WebSockets that cannot move to the successor: <c>Tunnels.CloseCode</c>
/// and <c>Tunnels.CloseOver</c>.
/// </summary>
internal static class TunnelMetadata
{
    private const string Prefix = "Tunnels.";
    private const string CloseCode = Prefix + "CloseCode";
    private const string CloseOver = Prefix + "CloseOver";

    private static readonly string[] Keys = [CloseCode, CloseOver];

    /// <summary>The policy of a valid route; null if it does not set one.</summary>
    public static TunnelDrainPolicy? Read(RouteConfig route)
    {
        var code = Value(route, CloseCode);
        var over = Value(route, CloseOver);
        return code is null && over is null
            ? null
            : new TunnelDrainPolicy(
                code is null ? TunnelDrainPolicy.GoingAway : int.Parse(code, CultureInfo.InvariantCulture),
                over is null ? null : TimeSpan.Parse(over, CultureInfo.InvariantCulture));
    }

    public static void Check(RouteConfig route, string path, Findings findings)
    {
        var metadata = $"{path}:{nameof(RouteConfig.Metadata)}";
        foreach (var key in (route.Metadata ?? new Dictionary<string, string>()).Keys.Where(key => key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !Keys.Contains(key, StringComparer.OrdinalIgnoreCase)))
            findings.Error($"{metadata}:{key}", $"{metadata}:{key} is not known.{NearestName.Hint(key, Keys)}");

        if (Value(route, CloseCode) is { } code && code is not ("1001" or "1012"))
            findings.Error($"{metadata}:{CloseCode}", $"{metadata}:{CloseCode} is '{code}', but it must be 1001 (going away) or 1012 (service restart).");
        if (Value(route, CloseOver) is { } over && !(over.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(over, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero && time <= TimeSpan.FromDays(1)))
            findings.Error($"{metadata}:{CloseOver}", $"{metadata}:{CloseOver} is '{over}', but it must be a time from 00:00:00 to 1.00:00:00, as in \"00:00:10\".");
    }

    private static string? Value(RouteConfig route, string name) =>
        route.Metadata?.FirstOrDefault(entry => entry.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
