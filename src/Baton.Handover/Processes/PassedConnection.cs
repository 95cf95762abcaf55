namespace Baton.Handover.Processes;

/// <summary>A connection that moves, or one side of a tunnel, beside its descriptor.</summary>
/// <param name="Listener">The address of the listener where it came in, by which the successor finds its own.</param>
internal sealed record PassedConnection(string Listener)
{
    public string? Id { get; init; }

    public DateTimeOffset AcceptedAt { get; init; }

    public int Moves { get; init; }

    public long Requests { get; init; }

    /// <summary>How long ago its last request has ended, or it was accepted; null from a build that does not say so.</summary>
    public TimeSpan? IdleFor { get; init; }

    public long BytesReceived { get; init; }

    public long BytesSent { get; init; }

    /// <summary>Who a PROXY header has said the client to be, and where it came in; "address:port", null where the socket tells it.</summary>
    public string? Remote { get; init; }

    public string? Local { get; init; }
}
