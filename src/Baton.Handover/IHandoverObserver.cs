namespace Baton.Handover;

/// <summary>Is told of every phase, before the next step is taken: a service manager, a health check, metrics.</summary>
public interface IHandoverObserver
{
    /// <summary>Called in order, never twice at once. What it throws is logged and changes nothing.</summary>
    ValueTask OnPhaseAsync(HandoverNotice notice);
}

/// <summary>A step of this generation.</summary>
/// <param name="Phase">What it does now.</param>
/// <param name="Generation">Its number.</param>
/// <param name="SuccessorPid">The process id of its successor, while there is one.</param>
/// <param name="IsMain">Whether this process answers for the service: its predecessor can no longer resume.</param>
/// <param name="Report">The upgrade that has just ended, if this step ends one.</param>
public sealed record HandoverNotice(HandoverPhase Phase, int Generation, int? SuccessorPid, bool IsMain, UpgradeReport? Report)
{
    /// <summary>
    /// Whether an upgrade is only rehearsed: the successor that prepares will end, or has just ended, and nothing changes. No
    /// report is told of it; whoever has asked for it gets that.
    /// </summary>
    public bool IsRehearsal { get; init; }
}
