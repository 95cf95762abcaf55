using Baton.Handover.Processes;

namespace Baton.Handover;

/// <summary>What can happen to a generation. Events of an attempt carry it, so that those of an earlier one are told apart.</summary>
internal abstract record UpgraderEvent
{
    public sealed record Prepared : UpgraderEvent;

    public sealed record Triggered(string Origin) : UpgraderEvent;

    public sealed record StopAsked(string Origin) : UpgraderEvent;

    public sealed record RehearsalAsked(Rehearsal Rehearsal) : UpgraderEvent;

    public sealed record ShutdownDue : UpgraderEvent;

    public sealed record PredecessorSaid(ChannelMessage Message) : UpgraderEvent;

    public sealed record PredecessorGone : UpgraderEvent;

    public sealed record TakeOverOverdue : UpgraderEvent;

    public sealed record ProofOverdue : UpgraderEvent;

    public sealed record SuccessorReady(UpgradeAttempt Attempt, ReadyMessage Message) : UpgraderEvent;

    public sealed record SuccessorFailed(UpgradeAttempt Attempt, IReadOnlyList<string> Reasons) : UpgraderEvent;

    public sealed record SuccessorSaid(UpgradeAttempt Attempt, ChannelMessage Message) : UpgraderEvent;

    public sealed record SuccessorGone(UpgradeAttempt Attempt) : UpgraderEvent;

    public sealed record ProbationOver(UpgradeAttempt Attempt) : UpgraderEvent;

    public sealed record Probed(UpgradeAttempt Attempt, IReadOnlyList<string> Failures) : UpgraderEvent;

    public sealed record RetiredOverdue(UpgradeAttempt Attempt) : UpgraderEvent;

    public sealed record RehearsedServes(UpgradeAttempt Attempt) : UpgraderEvent;

    public sealed record RehearsedOverdue(UpgradeAttempt Attempt) : UpgraderEvent;

    public sealed record RehearsedGone(UpgradeAttempt Attempt) : UpgraderEvent;

    public sealed record TailOverdue(UpgradeAttempt Attempt) : UpgraderEvent;

    public sealed record TailDrained(UpgradeAttempt Attempt) : UpgraderEvent;

    public sealed record Drained(UpgradeAttempt? Attempt, DrainReport Report) : UpgraderEvent;
}
