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
        var code = Value(route.Metadata, CloseCode);
        var over = Value(route.Metadata, CloseOver);
        return code is null && over is null
            ? null
            : new TunnelDrainPolicy(
                code is null ? TunnelDrainPolicy.GoingAway : int.Parse(code, CultureInfo.InvariantCulture),
                over is null ? null : TimeSpan.Parse(over, CultureInfo.InvariantCulture));
    }

    /// <param name="metadata">Those of one route.</param>
    /// <param name="path">Their full key.</param>
    /// <param name="findings">Gets what is wrong with them.</param>
    public static void Check(IReadOnlyDictionary<string, string> metadata, string path, Findings findings)
    {
        foreach (var key in metadata.Keys.Where(key => key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !Keys.Contains(key, StringComparer.OrdinalIgnoreCase)))
            findings.Error($"{path}:{key}", $"{path}:{key} is not known.{NearestName.Hint(key, Keys)}");

        if (Value(metadata, CloseCode) is { } code && code is not ("1001" or "1012"))
            findings.Error($"{path}:{CloseCode}", $"{path}:{CloseCode} is '{code}', but it must be 1001 (going away) or 1012 (service restart).");
        if (Value(metadata, CloseOver) is { } over && !(over.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(over, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero && time <= TimeSpan.FromDays(1)))
            findings.Error($"{path}:{CloseOver}", $"{path}:{CloseOver} is '{over}', but it must be a time from 00:00:00 to 1.00:00:00, as in \"00:00:10\".");
    }

    private static string? Value(IReadOnlyDictionary<string, string>? metadata, string name) =>
        metadata?.FirstOrDefault(entry => entry.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
