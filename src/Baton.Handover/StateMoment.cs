namespace Baton.Handover;

/// <summary>When it was saved what one generation tells the other: the predecessor, but for the last. A later one replaces an earlier one.</summary>
public enum StateMoment
{
    /// <summary>When it launched this generation; it serves on meanwhile.</summary>
    Launch,

    /// <summary>When it had stopped accepting; this generation has not begun to.</summary>
    TakeOver,

    /// <summary>When it had finished everything, just before its exit; this generation has served for a while.</summary>
    End,

    /// <summary>While it drains, about once a second, and after <see cref="End"/> once more if its own predecessor took longer.</summary>
    Drain,

    /// <summary>
    /// By the successor, for a predecessor that may still resume: what it has done itself since it took over. About once a second,
    /// and when it ends.
    /// </summary>
    Probation,
}
