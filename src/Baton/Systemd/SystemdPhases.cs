using System.Globalization;
using System.Net.Sockets;
using Baton.Admin;
using Baton.Handover;
using Baton.Reports;

namespace Baton.Systemd;

/// <summary>Tells systemd what a generation does: phases to notifications.</summary>
/// <remarks>
/// The main pid is named when the probation is over, not at the takeover: until then the predecessor can resume, and only as
/// the main process is it listened to (NotifyAccess=main) and does the death of its successor leave the unit alone. A
/// successor on probation says nothing: systemd would only log that it may not. A rehearsal is no reload, since nothing is to
/// change: only the status tells of it.
/// </remarks>
/// <param name="systemd">Who is told.</param>
/// <param name="hasConstant">Whether the main process is a constant one, which stays.</param>
/// <param name="options">How long things may take.</param>
/// <param name="history">What to tell of the last upgrades.</param>
/// <param name="drain">Whether it is drained for a load balancer.</param>
/// <param name="clock">The time.</param>
internal sealed class SystemdPhases(SystemdNotifier systemd, bool hasConstant, HandoverOptions options, ReportHistory history, DrainSwitch drain, TimeProvider clock) : IHandoverObserver
{
    // What a step may take beyond its own deadlines.
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(10);

    private HandoverNotice? _last;

    private string Serving => drain.IsOn ? "serving, but not ready: drained by an operator" : "serving";

    public async ValueTask OnPhaseAsync(HandoverNotice notice)
    {
        var before = _last?.Phase;
        _last = notice;
        if (!notice.IsMain)
            return;

        switch (notice.Phase)
        {
            case HandoverPhase.Launching when notice.IsRehearsal:
                await systemd.SendAsync(Status(notice, "serving; an upgrade is rehearsed"));
                break;
            case HandoverPhase.Serving when notice.IsRehearsal:
                await systemd.SendAsync(Status(notice, $"serving{Upgrades()}"));
                break;
            case HandoverPhase.Serving:
                // After a failed upgrade too: without it the unit would stay in "reloading".
                await systemd.SendAsync("READY=1", Status(notice, notice.Report is { Outcome: not UpgradeOutcome.Completed } report
                    ? $"{Serving}; upgrade to generation {report.To} {(report.Outcome == UpgradeOutcome.Failed ? "failed" : "was rolled back")}: {report.Reasons[0]}"
                    : $"{Serving}{Upgrades()}"));
                break;
            case HandoverPhase.Launching:
                await systemd.SendAsync("RELOADING=1", $"MONOTONIC_USEC={MonotonicMicroseconds()}", Status(notice, $"{Serving}; its successor prepares"),
                    Extend(options.ReadyTimeout + options.Probation + Allowance));
                break;
            case HandoverPhase.Probation:
                await systemd.SendAsync(Status(notice, $"draining; generation {notice.Generation + 1} serves, on probation"));
                break;
            case HandoverPhase.Draining when before != HandoverPhase.Draining: // It is in that phase still when its own predecessor reports.
                await systemd.SendAsync("READY=1", Status(notice, $"draining; generation {notice.Generation + 1} serves"));
                if (!hasConstant)
                    await systemd.SendAsync($"MAINPID={notice.SuccessorPid}");
                break;
            case HandoverPhase.Stopping when before is not (HandoverPhase.Probation or HandoverPhase.Draining):
                // Never from a process that has handed over: it would end the successor.
                await systemd.SendAsync("STOPPING=1", Status(notice, "finishing what is in flight"),
                    Extend(options.ShutdownDelay + options.DrainTimeout + Allowance));
                break;
        }
    }

    /// <summary>Says anew what a generation that serves does: it was drained by an operator, or is no more.</summary>
    public void OnSwitched()
    {
        if (_last is { IsMain: true, Phase: HandoverPhase.Serving } notice)
            _ = TellAsync(Status(notice, $"{Serving}{Upgrades()}"));
    }

    private async Task TellAsync(string status)
    {
        try
        {
            await systemd.SendAsync(status);
        }
        catch (SocketException)
        {
            // It learns it with the next phase.
        }
    }

    // "; upgrades: 3, the last took 2.1 s; 1 failed": of as many as are remembered.
    private string Upgrades()
    {
        var done = history.Reports.Where(report => report.Outcome == UpgradeOutcome.Completed).ToList();
        var failed = history.Reports.Count - done.Count;
        var text = done.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"; upgrades: {done.Count}, the last took {done[^1].Duration.TotalSeconds:0.0} s") : "";
        return failed > 0 ? $"{text}; upgrades that failed: {failed}" : text;
    }

    private static string Status(HandoverNotice notice, string what) => $"STATUS=Generation {notice.Generation} {what.ReplaceLineEndings(" ")}";

    // From now on, whatever TimeoutStartSec= and TimeoutStopSec= say; it only ever lengthens.
    private static string Extend(TimeSpan time) => $"EXTEND_TIMEOUT_USEC={Microseconds(time)}";

    // CLOCK_MONOTONIC, which is what the clock's timestamps count on Linux.
    private string MonotonicMicroseconds() => Microseconds(clock.GetElapsedTime(0, clock.GetTimestamp()));

    private static string Microseconds(TimeSpan time) => ((long)time.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
}
