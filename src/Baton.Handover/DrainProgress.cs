namespace Baton.Handover;

/// <summary>What a generation still has to finish.</summary>
/// <param name="Connections">Open connections, and tunnels that came from a predecessor.</param>
/// <param name="Requests">Requests in flight, tunnels not counted.</param>
/// <param name="Tunnels">WebSockets and other tunnels.</param>
public sealed record DrainProgress(int Connections, int Requests, int Tunnels);
