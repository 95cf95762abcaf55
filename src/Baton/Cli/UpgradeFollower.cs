using Baton.Admin;
using Baton.Handover;

namespace Baton.Cli;

/// <summary>Watches an upgrade from its trigger to its report, whichever generation answers.</summary>
internal sealed class UpgradeFollower(AdminClient admin, ProgressOutput output, TimeProvider clock)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    // Between two generations nothing is refused; but the one that has just accepted may die.
    private static readonly TimeSpan SilencePatience = TimeSpan.FromSeconds(10);

    // A predecessor's report comes before its end, and that of one that dies never.
    private static readonly TimeSpan ReportPatience = TimeSpan.FromSeconds(3);

    private readonly DrainShare _share = new();

    /// <param name="before">What was so when the upgrade was asked for.</param>
    /// <param name="untilProven">Whether it is enough that the new generation is past its probation.</param>
    /// <param name="cancellationToken">Ends the watching, not the upgrade.</param>
    /// <returns>The report of the upgrade; null if that was enough.</returns>
    /// <exception cref="AdminException">No generation answers any more, or the old one has gone without a report.</exception>
    public async Task<UpgradeReport?> FollowAsync(StatusDocument before, bool untilProven, CancellationToken cancellationToken)
    {
        var known = before.Reports.Select(Key).ToHashSet();

        // One that was under way is not the one that was asked for, which runs when that has ended. A rehearsal has no report here.
        var others = before.Phase == HandoverPhase.Serving || before.IsRehearsing == true ? 0 : 1;
        output.Step(UpgradeText.Asked(before));
        var (serving, toReplace) = (before.Pid, before.Pid);
        var (answeredAt, aloneSince) = (clock.GetTimestamp(), default(long?));
        while (true)
        {
            await Task.Delay(LookInterval, clock, cancellationToken);
            try
            {
                var now = await admin.StatusAsync(cancellationToken);
                answeredAt = clock.GetTimestamp();
                foreach (var report in now.Reports.Where(report => known.Add(Key(report))))
                {
                    if (!Brought(before, report) && others-- == 0)
                        return report;
                    output.Line($"The upgrade that was under way: {UpgradeText.Of(report)}");
                    toReplace = report.Outcome == UpgradeOutcome.Completed ? report.ToPid!.Value : report.FromPid;
                }

                Show(now, before.Pid, serving);
                serving = now.Pid;
                if (untilProven && others == 0 && now.IsMain && now.Pid != toReplace)
                {
                    output.Line(UpgradeText.Proven(now));
                    return null;
                }

                aloneSince = others == 0 && now is { IsMain: true, PredecessorOpen: null, Phase: HandoverPhase.Serving } && now.Pid != toReplace ? aloneSince ?? clock.GetTimestamp() : null;
                if (aloneSince is { } since && clock.GetElapsedTime(since) > ReportPatience)
                    throw new AdminException(UpgradeText.NoReport(toReplace, now));
            }
            catch (HttpRequestException e) when (clock.GetElapsedTime(answeredAt) > SilencePatience)
            {
                throw new AdminException(
                    $"baton: the daemon has not answered on {admin.SocketPath} for {SilencePatience.TotalSeconds} s: {e.Message}. Its log says what became of it.");
            }
            catch (HttpRequestException)
            {
                // Asked again.
            }
        }
    }

    private void Show(StatusDocument now, int first, int serving)
    {
        if (now.Pid == first)
            output.Step(UpgradeText.Before(now));
        else if (now.Pid == serving && UpgradeText.Draining(now) is { } draining)
            output.Step(draining, _share.Of(now.PredecessorOpen!));
        else if (now.Pid != serving)
            output.Step(UpgradeText.TakingOver(now));

        if (now.Pid != serving)
            _share.Begin();
        _share.Remember(now.Open);
    }

    // Told when its predecessor is done, which may be long after it was asked for the next one.
    private static bool Brought(StatusDocument asked, UpgradeReport report) =>
        report.ToPid == asked.Pid && report.Outcome == UpgradeOutcome.Completed;

    private static (int, int, int, int?, UpgradeOutcome, TimeSpan) Key(UpgradeReport report) =>
        (report.FromPid, report.From, report.To, report.ToPid, report.Outcome, report.Duration);
}
