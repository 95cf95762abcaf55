using Baton.Handover;

namespace Baton.Admin;

/// <summary>The last upgrades that this process has been told of, oldest first: its own that failed, and the one that made it.</summary>
internal sealed class LatestReports : IHandoverObserver
{
    private const int Most = 8;

    private readonly Lock _lock = new();
    private IReadOnlyList<UpgradeReport> _reports = [];

    public IReadOnlyList<UpgradeReport> Reports
    {
        get
        {
            lock (_lock)
                return _reports;
        }
    }

    public ValueTask OnPhaseAsync(HandoverNotice notice)
    {
        if (notice.Report is { } report)
        {
            lock (_lock)
                _reports = [.. _reports.Append(report).TakeLast(Most)];
        }

        return ValueTask.CompletedTask;
    }
}
