using System.Text.Json;
using Baton.Handover;

namespace Baton.Metrics;

/// <summary>Counts upgrades: whichever generation is told of the report first, and only that one.</summary>
internal sealed class UpgradeMetrics : IHandoverObserver
{
    private readonly MetricsStore _store;

    public UpgradeMetrics(MetricsStore store)
    {
        _store = store;
        foreach (var outcome in new[] { UpgradeOutcome.Completed, UpgradeOutcome.Failed, UpgradeOutcome.RolledBack })
            _ = _store[MetricFamilies.Upgrades][new SeriesKey(NameOf(outcome))]; // There from the start: the first failure is a rise from zero.
    }

    public ValueTask OnPhaseAsync(HandoverNotice notice)
    {
        if (notice.Report is { } report)
            Count(report);
        return ValueTask.CompletedTask;
    }

    /// <summary>"rolled_back" for RolledBack.</summary>
    public static string NameOf(UpgradeOutcome outcome) => JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString());

    private void Count(UpgradeReport report)
    {
        var outcome = new SeriesKey(NameOf(report.Outcome));
        _store[MetricFamilies.Upgrades][outcome].Add(1);
        _store[MetricFamilies.UpgradeDuration][outcome].Observe(report.Duration);
        if (report.Drain is not { } drain)
            return;

        _store[MetricFamilies.DrainDuration][default].Observe(drain.Duration);
        _store[MetricFamilies.DrainRequests][default].Add(Math.Max(0, drain.RequestsFinished));
        var connections = _store[MetricFamilies.DrainConnections];
        connections[new SeriesKey("moved")].Add(Math.Max(0, drain.Moved));
        connections[new SeriesKey("tunnel_moved")].Add(Math.Max(0, drain.TunnelsMoved));
        connections[new SeriesKey("asked_to_close")].Add(Math.Max(0, drain.AskedToClose));
        connections[new SeriesKey("idle_closed")].Add(Math.Max(0, drain.IdleClosed));
        foreach (var cut in drain.Cut)
            _store[MetricFamilies.DrainCut][new SeriesKey(cut.Route, cut.Kind)].Add(Math.Max(0, cut.Count));
    }
}
