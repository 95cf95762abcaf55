namespace Baton.Handover.Processes;

/// <summary>A message on the hand-over channel. A kind that the receiver does not know is passed over.</summary>
/// <param name="Kind">One of the constants below.</param>
internal sealed record ChannelMessage(string Kind)
{
    /// <summary>Predecessor to successor: I have stopped accepting; accept.</summary>
    public const string TakeOver = "take-over";

    /// <summary>Predecessor to successor: I was asked for an upgrade; it is yours to run.</summary>
    public const string Trigger = "trigger";

    /// <summary>Predecessor to successor: the probation is over, you may be upgraded yourself.</summary>
    public const string Proven = "proven";

    /// <summary>Predecessor to successor: what the hand-over did, sent last.</summary>
    public const string Final = "report";

    /// <summary>Successor to predecessor: I hand over or end on purpose; do not resume when I am gone.</summary>
    public const string Leaving = "leaving";

    /// <summary>With <see cref="Leaving"/>: the process that serves from now on, if there is one.</summary>
    public int? Pid { get; init; }

    /// <summary>With <see cref="TakeOver"/>: how long the predecessor will watch.</summary>
    public TimeSpan? Probation { get; init; }

    /// <summary>With <see cref="Final"/>.</summary>
    public UpgradeReport? Report { get; init; }
}
