namespace Baton.Handover;

/// <summary>How an upgrade ended.</summary>
public enum UpgradeOutcome
{
    /// <summary>The successor serves and the predecessor is gone.</summary>
    Completed,

    /// <summary>The successor never took over; the predecessor served on as if nothing had happened.</summary>
    Failed,

    /// <summary>The successor took over and died, or did worse than the predecessor, within the probation; the predecessor accepts again.</summary>
    RolledBack,

    /// <summary>The successor became ready and was told to end, as it was meant to: nothing has changed.</summary>
    Rehearsed,
}
