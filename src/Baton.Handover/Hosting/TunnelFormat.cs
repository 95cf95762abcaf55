using Baton.Handover.Processes;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>A tunnel as it is passed, and back.</summary>
internal static class TunnelFormat
{
    public static PassedTunnel Write(Tunnel tunnel, TunnelDirectionState toUpstream, TunnelDirectionState toClient)
    {
        var description = tunnel.Description;
        return new PassedTunnel(ConnectionFormat.Write(description.Client, description.Listener, tunnel.Client), description.Route, Write(toUpstream), Write(toClient))
        {
            IsWebSocket = description.IsWebSocket,
            CloseCode = description.Policy.CloseCode,
            CloseOver = description.Policy.CloseOver,
            ActivityTimeout = description.ActivityTimeout == Timeout.InfiniteTimeSpan ? null : description.ActivityTimeout,
        };
    }

    public static TunnelDescription Read(PassedTunnel passed) =>
        new(passed.Route, passed.Client.Listener, ConnectionFormat.Read(passed.Client), passed.IsWebSocket, passed.ActivityTimeout ?? Timeout.InfiniteTimeSpan, new TunnelDrainPolicy(passed.CloseCode, passed.CloseOver));

    public static TunnelDirectionState Read(PassedDirection passed) =>
        new(passed.Held, WebSocketFrameBoundary.From(passed.FrameHeader, passed.PayloadLeft, passed.SawClose), passed.SourceEnded, passed.HasEnded, passed.Discards);

    private static PassedDirection Write(TunnelDirectionState state)
    {
        var (header, payloadLeft, sawClose) = state.Frames.State;
        return new PassedDirection(state.Held.ToArray())
        {
            FrameHeader = header,
            PayloadLeft = payloadLeft,
            SawClose = sawClose,
            SourceEnded = state.SourceEnded,
            HasEnded = state.HasEnded,
            Discards = state.Discards,
        };
    }
}
