namespace Baton.Bench.Peers;

/// <summary>One request of the open-loop client; the times are those of Stopwatch.GetTimestamp().</summary>
internal struct Sample
{
    /// <summary>When it should have been sent.</summary>
    public long Due;

    /// <summary>When it was: what lies between is the client's own lateness.</summary>
    public long Sent;

    /// <summary>When the whole answer was there; 0 if it never was.</summary>
    public long Done;

    /// <summary>How often it was sent.</summary>
    public int Attempts;

    public bool Failed;

    /// <summary>Whether an even generation answered.</summary>
    public bool IsEven;
}
