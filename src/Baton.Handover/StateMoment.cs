namespace Baton.Handover;

/// <summary>When the predecessor saved what it passes on. A later one replaces an earlier one.</summary>
public enum StateMoment
{
    /// <summary>When it launched this generation; it serves on meanwhile.</summary>
    Launch,

    /// <summary>When it had stopped accepting; this generation has not begun to.</summary>
    TakeOver,

    /// <summary>When it had finished everything, just before its exit; this generation has served for a while.</summary>
    End,
}
