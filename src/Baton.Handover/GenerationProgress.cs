namespace Baton.Handover;

/// <summary>One generation beside others, as it says itself or as its predecessor knows it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="Phase">What it does.</param>
public sealed record GenerationProgress(int Number, int Pid, HandoverPhase Phase)
{
    /// <summary>The version of its build; null for one that has not said so yet.</summary>
    public string? Version { get; init; }

    /// <summary>When its process began its work; null for one that has not said so.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>What it has accepted or adopted and not finished; null for one that has not said so.</summary>
    public OpenWork? Open { get; init; }

    /// <summary>What keeps a draining one, the oldest first, at most fifty; empty otherwise.</summary>
    public IReadOnlyList<PendingWork> WaitsFor { get; init; } = [];
}
