namespace Baton.Handover.Processes;

/// <summary>A tunnel that moves, beside its two descriptors.</summary>
/// <param name="Client">The client's connection.</param>
/// <param name="Route">The name of the endpoint that it came through.</param>
/// <param name="ToUpstream">From the client to the destination.</param>
/// <param name="ToClient">From the destination to the client.</param>
internal sealed record PassedTunnel(PassedConnection Client, string Route, PassedDirection ToUpstream, PassedDirection ToClient)
{
    public bool IsWebSocket { get; init; }

    /// <summary>The code of the close frame by which a drain ends it where it cannot move.</summary>
    public int CloseCode { get; init; }

    /// <summary>The time over which the close frames of its route are spread; null for none before the deadline.</summary>
    public TimeSpan? CloseOver { get; init; }

    /// <summary>Null for none.</summary>
    public TimeSpan? ActivityTimeout { get; init; }
}
