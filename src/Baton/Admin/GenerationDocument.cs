using Baton.Handover;

namespace Baton.Admin;

/// <summary>One process of the daemon: the one that serves, one that drains, one that prepares.</summary>
internal sealed record GenerationDocument
{
    public required int Number { get; init; }

    public required int Pid { get; init; }

    public required string Version { get; init; }

    /// <summary>Null for one that has not said so yet.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public required HandoverPhase Phase { get; init; }

    /// <summary>What it has accepted and not finished; null for one that has not said so.</summary>
    public OpenWork? Open { get; init; }

    /// <summary>What keeps a draining one, by route; empty otherwise.</summary>
    public IReadOnlyList<PendingWork> WaitsFor { get; init; } = [];
}

/// <summary>Connections and requests of a generation, by kind.</summary>
/// <param name="New">Connections that have not sent a byte yet.</param>
/// <param name="Idle">HTTP/1.x connections between two requests.</param>
/// <param name="Busy">HTTP/1.x connections with a request in flight.</param>
/// <param name="Http2">HTTP/2 connections.</param>
/// <param name="Tunnels">WebSockets and other tunnels.</param>
/// <param name="Requests">Requests in flight, tunnels not counted.</param>
internal sealed record OpenWork(int New, int Idle, int Busy, int Http2, int Tunnels, int Requests);

/// <summary>Work of one route that is not finished.</summary>
/// <param name="Route">Name of the route; "(none)" where no route had been chosen.</param>
/// <param name="Kind">"request", "tunnel" or "connection".</param>
/// <param name="Count">How many.</param>
/// <param name="Oldest">How long the oldest of them has lasted.</param>
internal sealed record PendingWork(string Route, string Kind, int Count, TimeSpan Oldest);
