namespace Baton.Handover;

/// <summary>What a generation is doing, as it says to systemd, the log and whoever asks.</summary>
public enum HandoverPhase
{
    /// <summary>It prepares: loads, validates, adopts or binds listeners. It accepts nothing yet.</summary>
    Preparing,

    /// <summary>It accepts; no upgrade is under way.</summary>
    Serving,

    /// <summary>It serves, and a successor that it launched prepares.</summary>
    Launching,

    /// <summary>The successor accepts in its place; it drains, and it resumes if the successor dies or does worse.</summary>
    Probation,

    /// <summary>It can no longer resume: the successor stands on its own, and it finishes what is in flight.</summary>
    Draining,

    /// <summary>It was asked to end, and finishes what is in flight; if it has a successor, that one serves on.</summary>
    Stopping,

    /// <summary>Nothing is left to do; the process exits.</summary>
    Exiting,
}
