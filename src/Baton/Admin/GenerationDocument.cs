using Baton.Handover;

namespace Baton.Admin;

/// <summary>One process of the daemon: the one that serves, one that drains, one that prepares.</summary>
internal sealed record GenerationDocument
{
    public required int Number { get; init; }

    public required int Pid { get; init; }

    /// <summary>"unknown" for one that has not said so yet.</summary>
    public required string Version { get; init; }

    /// <summary>Null for one that has not said so yet.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public required HandoverPhase Phase { get; init; }

    /// <summary>What it has accepted and not finished; null for one that has not said so.</summary>
    public OpenWork? Open { get; init; }

    /// <summary>What keeps a draining one, by route; empty otherwise.</summary>
    public IReadOnlyList<PendingWork> WaitsFor { get; init; } = [];
}
