namespace Baton.Handover.Processes;

/// <summary>Where one direction of a tunnel stands.</summary>
/// <param name="Held">Bytes received and not yet sent.</param>
internal sealed record PassedDirection(byte[] Held)
{
    /// <summary>The begun header of the WebSocket frame in which the bytes that were sent end.</summary>
    public byte[]? FrameHeader { get; init; }

    /// <summary>How many bytes of that frame's payload are still to be sent.</summary>
    public ulong PayloadLeft { get; init; }

    /// <summary>A close frame was sent.</summary>
    public bool SawClose { get; init; }

    /// <summary>Nothing more will be received.</summary>
    public bool SourceEnded { get; init; }

    /// <summary>And the other side was told so.</summary>
    public bool HasEnded { get; init; }

    /// <summary>What else comes is dropped.</summary>
    public bool Discards { get; init; }
}
