using System.Globalization;
using Microsoft.Extensions.Logging;

#pragma warning disable CA1873 // Each of these is logged once an upgrade.
namespace Baton.Handover;

/// <summary>What a handover tells the operator; event ids 1000 to 1099. One event an upgrade carries the whole report.</summary>
internal static partial class HandoverLog
{
    [LoggerMessage(1000, LogLevel.Information, "Generation {Generation} (pid {Pid}, version {Version}) is ready")]
    public static partial void Ready(this ILogger log, int generation, int pid, string version);

    [LoggerMessage(1001, LogLevel.Information, "Upgrade asked for by {Origin} while {Phase}")]
    public static partial void Triggered(this ILogger log, string origin, HandoverPhase phase);

    [LoggerMessage(1002, LogLevel.Information, "Launched generation {Generation} (pid {Pid}); it prepares")]
    public static partial void Launched(this ILogger log, int generation, int pid);

    [LoggerMessage(1003, LogLevel.Information, "End asked for by {Origin} while {Phase}; finishing what is in flight")]
    public static partial void StopAsked(this ILogger log, string origin, HandoverPhase phase);

    [LoggerMessage(1007, LogLevel.Warning, "The predecessor (pid {Pid}) died during the hand-over; this generation goes on alone")]
    public static partial void PredecessorDied(this ILogger log, int pid);

    [LoggerMessage(1008, LogLevel.Warning, "The predecessor (pid {Pid}) said nothing for {Seconds} s after the ready message; this generation goes on without it")]
    public static partial void PredecessorSilent(this ILogger log, int pid, double seconds);

    [LoggerMessage(1011, LogLevel.Warning, "The upgrade was not passed on: the successor (pid {Pid}) has ended or handed over since. Send SIGHUP to the generation that serves now")]
    public static partial void TriggerLost(this ILogger log, int pid);

    [LoggerMessage(1012, LogLevel.Warning, "What this generation knows was not passed on to its successor (pid {Pid}): {Reason} The successor learns it anew")]
    public static partial void StateNotPassed(this ILogger log, int pid, string reason);

    [LoggerMessage(1013, LogLevel.Information, "Rehearsal of an upgrade asked for by {Origin}")]
    public static partial void RehearsalAsked(this ILogger log, string origin);

    [LoggerMessage(1016, LogLevel.Information, "The predecessor (pid {Pid}) died during the rehearsal, so this process ends, too")]
    public static partial void RehearsedAlone(this ILogger log, int pid);

    [LoggerMessage(1009, LogLevel.Error, "An observer of the phase {Phase} failed; the hand-over goes on")]
    public static partial void ObserverFailed(this ILogger log, Exception exception, HandoverPhase phase);

    [LoggerMessage(1010, LogLevel.Critical, "A step of the hand-over failed unexpectedly while {Phase}; this generation goes on as it is")]
    public static partial void StepFailed(this ILogger log, Exception exception, HandoverPhase phase);

    public static void Completed(this ILogger log, UpgradeReport report)
    {
        var cut = Cut(report.Drain);
        var level = cut.Length > 0 ? LogLevel.Warning : LogLevel.Information;
        if (log.IsEnabled(level))
            Completed(log, level, report.From, report.FromPid, report.FromVersion, report.To, report.ToPid, report.ToVersion,
                Seconds(report.ReadyAfter), Seconds(report.Drain?.Duration), Seconds(report.Duration),
                report.After?.PeakAccepts.ToString(CultureInfo.InvariantCulture) ?? "an unknown number of", report.Drain?.Connections ?? 0, report.Drain?.Moved ?? 0, report.Drain?.TunnelsMoved ?? 0, report.Drain?.RequestsFinished ?? 0, report.Drain?.AskedToClose ?? 0, report.Drain?.IdleClosed ?? 0,
                cut.Length > 0 ? cut : "nothing");
    }

    /// <summary>An upgrade that left this generation serving: failed before the takeover, or rolled back after it.</summary>
    public static void NotUpgraded(this ILogger log, UpgradeReport report)
    {
        if (log.IsEnabled(LogLevel.Error))
            NotUpgraded(log, report.To, report.ToPid, report.Outcome, Seconds(report.Duration), report.From, report.FromPid, string.Join(Environment.NewLine, report.Reasons));
    }

    /// <summary>An upgrade that was only to be rehearsed.</summary>
    public static void Rehearsed(this ILogger log, UpgradeReport report)
    {
        if (report.Rehearsal is not { } learned)
        {
            if (log.IsEnabled(LogLevel.Warning))
                NotRehearsed(log, report.To, report.ToPid, Seconds(report.Duration), report.From, string.Join(Environment.NewLine, report.Reasons));
            return;
        }

        if (log.IsEnabled(LogLevel.Information))
            Rehearsed(log, report.From, report.FromVersion, report.To, report.ToVersion, Seconds(report.ReadyAfter), Mebibytes(learned.ResidentBytes), Mebibytes(learned.ProportionalBytes),
                List(learned.Kept), learned.Added is null ? "unknown" : List(learned.Added), List(learned.Removed), Seconds(report.Duration));
    }

    public static void Stopped(this ILogger log, int generation, DrainReport drain)
    {
        var cut = Cut(drain);
        var level = cut.Length > 0 ? LogLevel.Warning : LogLevel.Information;
        if (log.IsEnabled(level))
            Stopped(log, level, generation, Seconds(drain.Duration), drain.Connections, drain.RequestsFinished, drain.AskedToClose, drain.IdleClosed, cut.Length > 0 ? cut : "nothing");
    }

    [LoggerMessage(EventId = 1004, Message = "Upgrade completed: generation {From} (pid {FromPid}, version {FromVersion}) handed over to {To} (pid {ToPid}, version {ToVersion}). Ready after {ReadySeconds} s, drained in {DrainSeconds} s, {TotalSeconds} s in all; the successor accepted at most {PeakAccepts} connections a second. Of {Connections} connections {Moved} moved, as did {TunnelsMoved} tunnels; {AskedToClose} were asked to close, {IdleClosed} idle ones closed; {RequestsFinished} requests finished; cut: {Cut}")]
    private static partial void Completed(ILogger log, LogLevel level, int from, int fromPid, string fromVersion, int to, int? toPid, string? toVersion,
        double? readySeconds, double? drainSeconds, double? totalSeconds, string peakAccepts, int connections, int moved, int tunnelsMoved, int requestsFinished, int askedToClose, int idleClosed, string cut);

    [LoggerMessage(1005, LogLevel.Error, "Upgrade to generation {To} (pid {ToPid}): {Outcome} after {Seconds} s; generation {From} (pid {FromPid}) serves on. {Reasons}")]
    private static partial void NotUpgraded(ILogger log, int to, int? toPid, UpgradeOutcome outcome, double? seconds, int from, int fromPid, string reasons);

    [LoggerMessage(EventId = 1006, Message = "Generation {Generation} ends: drained in {DrainSeconds} s. Of {Connections} connections {AskedToClose} were asked to close, {IdleClosed} idle ones closed; {RequestsFinished} requests finished; cut: {Cut}")]
    private static partial void Stopped(ILogger log, LogLevel level, int generation, double? drainSeconds, int connections, int requestsFinished, int askedToClose, int idleClosed, string cut);

    [LoggerMessage(1014, LogLevel.Information, "Rehearsal: generation {From} (version {FromVersion}) would hand over to {To} (version {ToVersion}), which was ready after {ReadySeconds} s, with {ResidentMebibytes} MiB resident, {ProportionalMebibytes} MiB of them its own share. Listeners that stay: {Kept}; new: {Added}; that go: {Removed}. It has ended, after {Seconds} s in all; nothing was changed")]
    private static partial void Rehearsed(ILogger log, int from, string fromVersion, int to, string? toVersion, double? readySeconds, double? residentMebibytes, double? proportionalMebibytes,
        string kept, string added, string removed, double? seconds);

    [LoggerMessage(1015, LogLevel.Warning, "Rehearsal: the upgrade to generation {To} (pid {ToPid}) would fail, as was clear after {Seconds} s; nothing was changed in generation {From}. {Reasons}")]
    private static partial void NotRehearsed(ILogger log, int to, int? toPid, double? seconds, int from, string reasons);

    private static string List(IReadOnlyList<string> addresses) => addresses.Count > 0 ? string.Join(", ", addresses) : "none";

    private static double? Mebibytes(long? bytes) => bytes is { } value ? Math.Round(value / 1048576.0, 1) : null;

    private static double? Seconds(TimeSpan? time) => time is { } value ? Math.Round(value.TotalSeconds, 3) : null;

    private static string Cut(DrainReport? drain) =>
        string.Join(", ", (drain?.Cut ?? []).Select(cut => string.Create(CultureInfo.InvariantCulture, $"{cut.Count} {cut.Kind} of route '{cut.Route}'")));
}
