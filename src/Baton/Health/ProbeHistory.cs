namespace Baton.Health;

/// <summary>What the probes of one destination have shown so far.</summary>
internal sealed class ProbeHistory
{
    /// <summary>Probes that failed since the last that did not.</summary>
    public long Failures { get; set; }

    /// <summary>When the last probe ended; null if there was none.</summary>
    public DateTimeOffset? ProbedAt { get; set; }
}
