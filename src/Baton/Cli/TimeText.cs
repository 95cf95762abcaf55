using System.Globalization;

namespace Baton.Cli;

/// <summary>Times as people say them, short: <c>12s</c>, <c>5m10s</c>, <c>3h20m</c>, <c>2d3h</c>.</summary>
internal static class TimeText
{
    public static string Age(TimeSpan time) => time switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalMinutes: < 1 } => Invariant($"{time.Seconds}s"),
        { TotalHours: < 1 } => Invariant($"{time.Minutes}m{time.Seconds:00}s"),
        { TotalDays: < 1 } => Invariant($"{time.Hours}h{time.Minutes:00}m"),
        _ => Invariant($"{(int)time.TotalDays}d{time.Hours}h"),
    };

    /// <summary>"?" for one that is not known.</summary>
    public static string Seconds(TimeSpan? time) => time is { } value ? Invariant($"{value.TotalSeconds:0.0} s") : "?";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
