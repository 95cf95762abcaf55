namespace Baton.Handover;

/// <summary>How a generation let go of its connections. Those of private listeners are in no figure, except among what was cut.</summary>
/// <param name="Connections">Connections that were open when the drain began.</param>
/// <param name="Moved">Connections that went on in the successor, tunnels not counted.</param>
/// <param name="TunnelsMoved">WebSockets and other tunnels that went on in the successor.</param>
/// <param name="RequestsFinished">Requests that were answered during the drain.</param>
/// <param name="AskedToClose">Connections that were told to leave: <c>Connection: close</c>, or GOAWAY.</param>
/// <param name="IdleClosed">Connections that stayed silent for the idle linger and were closed.</param>
/// <param name="Cut">What the deadline ended, by route.</param>
/// <param name="Duration">From its begin until nothing was left.</param>
public sealed record DrainReport(
    int Connections,
    int Moved,
    int TunnelsMoved,
    int RequestsFinished,
    int AskedToClose,
    int IdleClosed,
    IReadOnlyList<CutWork> Cut,
    TimeSpan Duration);

/// <summary>Requests, tunnels or connections of one route that a drain's deadline ended.</summary>
/// <param name="Route">Name of the route; "(none)" where no route had been chosen.</param>
/// <param name="Kind">"request", "tunnel" or "connection".</param>
/// <param name="Count">How many.</param>
public sealed record CutWork(string Route, string Kind, int Count);
