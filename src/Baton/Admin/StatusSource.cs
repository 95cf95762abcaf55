using Baton.Handover;
using Baton.Handover.Hosting;
using Baton.Reports;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Baton.Admin;

/// <summary>Looks at this generation for <c>GET /status</c>.</summary>
internal sealed class StatusSource(Generation generation, HandoverStatus status, ReportHistory reports, AdminSocket socket, string config, IServer server)
{
    private const int MostReports = 8;

    /// <summary>What is so now; to be asked for from a request on the admin socket.</summary>
    public StatusDocument Look()
    {
        var open = status.Open;
        return new StatusDocument
        {
            Generation = generation.Number,
            Pid = generation.Pid,
            Version = generation.Version,
            Phase = status.Phase,
            IsMain = status.IsMain,
            StartedAt = generation.StartedAt,
            Configuration = config,
            Listeners = [.. (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Where(address => address != socket.Address)],
            SuccessorPid = status.SuccessorPid,
            IsSuccessorWarmingUp = status.IsSuccessorWarmingUp,
            Open = open with { Connections = open.Connections - 1, Requests = open.Requests - 1 }, // Not the one that asks.
            PredecessorOpen = status.PredecessorOpen,
            Reports = [.. reports.Reports.TakeLast(MostReports)],
        };
    }
}
