using System.Globalization;
using Baton.Admin;
using Baton.Handover;

namespace Baton.Cli;

/// <summary>An upgrade in words: what happens, and what has happened.</summary>
internal static class UpgradeText
{
    /// <summary>What the generation that was asked is at.</summary>
    public static string Before(StatusDocument now) => now switch
    {
        { Phase: HandoverPhase.Launching, SuccessorPid: { } pid, IsSuccessorWarmingUp: true } => Invariant($"warming up: pid {pid}"),
        { Phase: HandoverPhase.Launching, SuccessorPid: { } pid } => Invariant($"preparing: pid {pid}"),
        { Phase: HandoverPhase.Launching } => "launching",
        _ => Asked(now),
    };

    public static string Asked(StatusDocument now) => Invariant($"asked generation {now.Generation} (pid {now.Pid}, version {now.Version})");

    public static string TakingOver(StatusDocument now) => Invariant($"taking over: generation {now.Generation} (pid {now.Pid}, version {now.Version})");

    public static string Proven(StatusDocument now) =>
        Invariant($"generation {now.Generation} (pid {now.Pid}, version {now.Version}) serves and is past its probation{(now.PredecessorOpen is { Connections: > 0 } ? $"; its predecessor is {Draining(now)}" : "")}");

    /// <summary>It has not come to a report, although there is a successor.</summary>
    public static string NoReport(int replaced, StatusDocument now) =>
        Invariant($"baton: the old generation (pid {replaced}) has left no report: it died, or hangs. Generation {now.Generation} (pid {now.Pid}, version {now.Version}) serves on alone; what the old one had in flight is lost.");

    /// <summary>What the predecessor of the generation that answers still has to do; null if it has said nothing.</summary>
    public static string? Draining(StatusDocument now) => now.PredecessorOpen switch
    {
        null => null,
        { Connections: 0, Requests: 0 } => "drained; the probation is not over",
        var open => Invariant($"draining {Count(open.Requests, "request")}, {Count(open.Tunnels, "tunnel")} and {Count(open.Connections, "connection")}"),
    };

    /// <summary>The report in a sentence or two; reasons are not in it.</summary>
    public static string Of(UpgradeReport report) => report.Outcome switch
    {
        UpgradeOutcome.Completed =>
            Invariant($"Upgrade completed: generation {report.From} (pid {report.FromPid}, version {report.FromVersion}) handed over to {report.To} (pid {report.ToPid}, version {report.ToVersion}). Ready after {TimeText.Seconds(report.ReadyAfter)}, {TimeText.Seconds(report.Duration)} in all.")
            + (report.Drain is { } drain ? " " + Of(drain) : ""),
        UpgradeOutcome.RolledBack =>
            Invariant($"Upgrade rolled back after {TimeText.Seconds(report.Duration)}: generation {report.From} (pid {report.FromPid}, version {report.FromVersion}) serves on."),
        _ =>
            Invariant($"Upgrade failed after {TimeText.Seconds(report.Duration)}: generation {report.From} (pid {report.FromPid}, version {report.FromVersion}) serves on."),
    };

    /// <summary>What it did, or why it did not, for a table that tells the rest.</summary>
    public static string InShort(UpgradeReport report) => report switch
    {
        { Reasons: [var reason, ..] } => reason,
        { Drain: { } drain } => Invariant($"{drain.Moved + drain.TunnelsMoved} of {drain.Connections} moved, {Count(drain.RequestsFinished, "request")} finished, cut: {Cut(drain)}"),
        _ => "",
    };

    private static string Of(DrainReport drain) =>
        Invariant($"{Count(drain.RequestsFinished, "request")} finished; of {Count(drain.Connections, "connection")} {drain.Moved} moved, as did {Count(drain.TunnelsMoved, "tunnel")}; cut: {Cut(drain)}.");

    private static string Cut(DrainReport drain) =>
        drain.Cut.Count > 0 ? string.Join(", ", drain.Cut.Select(cut => Invariant($"{cut.Count} {cut.Kind} of route '{cut.Route}'"))) : "nothing";

    private static string Count(int count, string what) => Invariant($"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
