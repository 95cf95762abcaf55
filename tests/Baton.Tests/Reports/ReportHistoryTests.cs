using Baton.Handover;
using Baton.Reports;
using Xunit;

namespace Baton.Tests.Reports;

/// <summary>The last upgrades, over generations.</summary>
public sealed class ReportHistoryTests
{
    [Fact]
    public async Task Reports_are_passed_on_whole_and_each_is_there_once()
    {
        var first = new ReportHistory();
        await TellAsync(first, Report(1) with { Outcome = UpgradeOutcome.Failed, Reasons = ["no", "never"] });
        var second = new ReportHistory();
        second.Load(1, first.Save()!.Value, StateMoment.Launch);
        second.Load(1, first.Save()!.Value, StateMoment.TakeOver);
        await TellAsync(second, Report(1) with { Drain = new DrainReport(3, 0, 0, 1, 2, 0, [new CutWork("r", "request", 1)], TimeSpan.FromSeconds(1)) });
        await TellAsync(first, Report(0));
        second.Load(1, first.Save()!.Value, StateMoment.End);

        Assert.Equal([1, 0, 1], second.Reports.Select(report => report.From));
        Assert.Equal(["no", "never"], second.Reports[0].Reasons);
        Assert.Equal(UpgradeOutcome.Failed, second.Reports[0].Outcome);
        Assert.Equal("r", second.Reports[2].Drain!.Cut[0].Route);
    }

    [Fact]
    public async Task A_hundred_are_kept_and_another_version_is_passed_over()
    {
        var history = new ReportHistory();
        for (var number = 1; number <= ReportHistory.Most + 5; number++)
            await TellAsync(history, Report(number));
        Assert.Equal(Enumerable.Range(6, ReportHistory.Most), history.Reports.Select(report => report.From));

        var other = new ReportHistory();
        other.Load(2, history.Save()!.Value, StateMoment.TakeOver);
        Assert.Empty(other.Reports);
    }

    private static UpgradeReport Report(int from) => new(from, 1000 + from, "1.0", from + 1, UpgradeOutcome.Completed) { Duration = TimeSpan.FromSeconds(2) };

    private static ValueTask TellAsync(ReportHistory history, UpgradeReport report) =>
        history.OnPhaseAsync(new HandoverNotice(HandoverPhase.Serving, report.From, null, true, report));
}
