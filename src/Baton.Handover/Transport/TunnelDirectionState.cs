namespace Baton.Handover.Transport;

/// <summary>Where one direction of a tunnel stands between two system calls.</summary>
/// <param name="Held">Received, not yet sent.</param>
/// <param name="Frames">Where in a WebSocket frame the bytes that were sent end.</param>
/// <param name="SourceEnded">Nothing more will be received.</param>
/// <param name="HasEnded">And the target was told so.</param>
/// <param name="Discards">The target has got a close frame; what else comes for it is dropped.</param>
internal sealed record TunnelDirectionState(ReadOnlyMemory<byte> Held, WebSocketFrameBoundary Frames, bool SourceEnded, bool HasEnded, bool Discards)
{
    /// <summary>A direction that has just begun, with bytes that came too early.</summary>
    public static TunnelDirectionState Begin(ReadOnlyMemory<byte> received) => new(received, default, false, false, false);
}
