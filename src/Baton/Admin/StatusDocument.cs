using Baton.Handover;

namespace Baton.Admin;

/// <summary>The answer to <c>GET /status</c>. Two builds may meet over it: what a reader does not know it passes over.</summary>
internal sealed record StatusDocument
{
    public required int Generation { get; init; }

    public required int Pid { get; init; }

    public required string Version { get; init; }

    public required HandoverPhase Phase { get; init; }

    /// <summary>Whether it answers for the service: its predecessor, if it had one, can no longer resume.</summary>
    public bool IsMain { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The absolute path of the configuration file.</summary>
    public required string Configuration { get; init; }

    /// <summary>Where the public listeners are, as in <c>http://127.0.0.1:8080</c>.</summary>
    public IReadOnlyList<string> Listeners { get; init; } = [];

    /// <summary>The successor that was launched, until the upgrade has ended.</summary>
    public int? SuccessorPid { get; init; }

    /// <summary>Whether that successor has loaded everything and warms up: probes destinations, runs the path of a request once.</summary>
    public bool IsSuccessorWarmingUp { get; init; }

    /// <summary>Whether that successor is only rehearsed and will end; null from a build that knows no rehearsals.</summary>
    public bool? IsRehearsing { get; init; }

    /// <summary>What this generation has accepted and not finished; without what the admin interface does.</summary>
    public DrainProgress? Open { get; init; }

    /// <summary>What its predecessor still drains; null when that is gone.</summary>
    public DrainProgress? PredecessorOpen { get; init; }

    /// <summary>Whether an operator has taken it out of the load balancer in front (<c>baton drain</c>).</summary>
    public bool IsDraining { get; init; }

    /// <summary>The processes of the daemon, oldest first: draining ones, the one that answers, one that prepares.</summary>
    public IReadOnlyList<GenerationDocument> Generations { get; init; } = [];

    public IReadOnlyList<ClusterDocument> Clusters { get; init; } = [];

    public IReadOnlyList<CertificateDocument> Certificates { get; init; } = [];

    /// <summary>What was served since generation 1 began.</summary>
    public TrafficCount? Traffic { get; init; }

    /// <summary>The last upgrades, oldest first.</summary>
    public IReadOnlyList<UpgradeReport> Reports { get; init; } = [];
}
