using Baton.Handover;
using Baton.Handover.Hosting;
using Baton.Reports;
using Microsoft.AspNetCore.Hosting.Server;

namespace Baton.Admin;

/// <summary>Looks at this generation for <c>GET /status</c>.</summary>
internal sealed class StatusSource(
    Generation generation,
    HandoverStatus status,
    TrafficCounters traffic,
    ReportHistory reports,
    DrainSwitch drain,
    AdminListeners listeners,
    ClusterSource clusters,
    CertificateSource certificates,
    IServer server,
    string config)
{
    private const int MostReports = 8;

    /// <summary>What is so now.</summary>
    public async Task<StatusDocument> LookAsync()
    {
        var shown = await certificates.LookAsync();
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
            IsSuccessorWarmingUp = status.IsSuccessorWarmingUp,
            IsRehearsing = status.IsRehearsing,
            Open = status.Open,
            PredecessorOpen = status.PredecessorOpen,
            IsDraining = drain.IsOn,
            Generations = [.. status.Generations.Select(Describe)],
            Clusters = clusters.Look(),
            Certificates = shown,
            Traffic = traffic.Total,
            Reports = [.. reports.Reports.TakeLast(MostReports)],
        };
    }

    private static GenerationDocument Describe(GenerationProgress one) => new()
    {
        Number = one.Number,
        Pid = one.Pid,
        Version = one.Version ?? "unknown",
        StartedAt = one.StartedAt,
        Phase = one.Phase,
        Open = one.Open,
        WaitsFor = one.WaitsFor,
    };
}
