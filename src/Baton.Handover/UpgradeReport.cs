namespace Baton.Handover;

/// <summary>What one upgrade did: the answer to "did it work, what did it cost, who was cut".</summary>
/// <param name="From">Number of the predecessor.</param>
/// <param name="FromPid">Its process id.</param>
/// <param name="FromVersion">Its version.</param>
/// <param name="To">Number of the successor.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record UpgradeReport(int From, int FromPid, string FromVersion, int To, UpgradeOutcome Outcome)
{
    /// <summary>Process id of the successor; null if it could not be started.</summary>
    public int? ToPid { get; init; }

    /// <summary>Version of the successor; null if it never said so.</summary>
    public string? ToVersion { get; init; }

    /// <summary>Why it failed or was rolled back; empty when it completed.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>From the launch to the successor's word on the ready pipe; null if there was none.</summary>
    public TimeSpan? ReadyAfter { get; init; }

    /// <summary>From the launch to the end of the upgrade.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>When the upgrade ended, by the predecessor's clock; null in reports of builds that did not say so.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How the predecessor answered in the minute before the takeover; null if it did not come to that.</summary>
    public TrafficFigures? Before { get; init; }

    /// <summary>
    /// How the successor answered from the takeover to the end of the upgrade, and the most connections it accepted within a
    /// second; null if it never said so.
    /// </summary>
    public TrafficFigures? After { get; init; }

    /// <summary>What was learned if it was only rehearsed, and the successor became ready; null otherwise.</summary>
    public RehearsalReport? Rehearsal { get; init; }

    /// <summary>How the predecessor let go of its connections; null if it did not come to that.</summary>
    public DrainReport? Drain { get; init; }
}
