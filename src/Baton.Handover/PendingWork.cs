namespace Baton.Handover;

/// <summary>Work of one route that is not finished.</summary>
/// <param name="Route">Name of the route; "(none)" where no route had been chosen.</param>
/// <param name="Kind">"request", "tunnel" or "connection".</param>
/// <param name="Count">How many.</param>
/// <param name="Oldest">How long the oldest of them has lasted; a connection, since it was last used.</param>
public sealed record PendingWork(string Route, string Kind, int Count, TimeSpan Oldest);
