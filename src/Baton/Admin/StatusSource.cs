using Baton.Handover;
using Baton.Handover.Hosting;
using Baton.Reports;
using Microsoft.AspNetCore.Hosting.Server;

namespace Baton.Admin;

/// <summary>Looks at this generation for <c>GET /status</c>.</summary>
internal sealed class StatusSource(Generation generation, HandoverStatus status, ReportHistory reports, DrainSwitch drain, AdminListeners listeners, string config, IServer server)
{
    private const int MostReports = 8;

    /// <summary>What is so now.</summary>
    public StatusDocument Look()
    {
        return new StatusDocument
        {
            Generation = generation.Number,
            Pid = generation.Pid,
            Version = generation.Version,
            Phase = status.Phase,
            IsMain = status.IsMain,
            StartedAt = generation.StartedAt,
            Configuration = config,
            Listeners = listeners.PublicAddresses(server),
            SuccessorPid = status.SuccessorPid,
            Open = status.Open,
            PredecessorOpen = status.PredecessorOpen,
            IsDraining = drain.IsOn,
            Reports = [.. reports.Reports.TakeLast(MostReports)],
        };
    }
}
