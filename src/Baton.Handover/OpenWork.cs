namespace Baton.Handover;

/// <summary>Connections and requests of a generation, by kind; what is private is not counted.</summary>
/// <param name="New">Connections that have not sent a byte yet.</param>
/// <param name="Idle">HTTP/1.x connections between two requests.</param>
/// <param name="Busy">HTTP/1.x connections with a request in flight.</param>
/// <param name="Http2">HTTP/2 connections.</param>
/// <param name="Tunnels">WebSockets and other tunnels.</param>
/// <param name="Requests">Requests in flight, tunnels not counted.</param>
public sealed record OpenWork(int New, int Idle, int Busy, int Http2, int Tunnels, int Requests);
