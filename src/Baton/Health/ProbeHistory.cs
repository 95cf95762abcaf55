namespace Baton.Health;

/// <summary>What the probes of one destination have shown so far.</summary>
internal sealed class ProbeHistory
{
    /// <summary>Probes of the predecessor that failed since the last that did not.</summary>
    public long InheritedFailures { get; set; }

    /// <summary>Those of this generation after them.</summary>
    public long OwnFailures { get; set; }

    /// <summary>When the last probe ended; null if there was none.</summary>
    public DateTimeOffset? ProbedAt { get; set; }

    /// <summary>Probes that failed since the last that did not.</summary>
    public long Failures => InheritedFailures + OwnFailures;
}
