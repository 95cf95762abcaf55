using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>Looks at what this generation has accepted or adopted and not finished, on its listeners that are not private.</summary>
internal sealed class WorkSurvey(ConnectionTable connections, RequestTable requests, TunnelTable tunnels, TimeProvider clock)
{
    // What an operator reads, and what fits into a message; a route's name may be a long one.
    private const int MostPending = 50;
    private const int MostNameLength = 200;

    private IEnumerable<HandoverConnection> Connections => connections.Connections.Where(connection => !connection.IsPrivate);

    private IEnumerable<IdleConnection> Idle => connections.Idle.Where(connection => !connection.IsPrivate);

    private IEnumerable<TrackedRequest> Requests => requests.Active.Where(request => !request.Connection.IsPrivate);

    /// <summary>In three numbers.</summary>
    public DrainProgress Progress
    {
        get
        {
            var active = Requests.ToList();
            var adopted = tunnels.Adopted.Count();
            var accepted = active.Count(request => request.Tunnel is not null);
            return new DrainProgress(Connections.Count() + Idle.Count() + adopted, active.Count - accepted, accepted + adopted);
        }
    }

    public OpenWork ByKind
    {
        get
        {
            var active = Requests.ToList();
            var tunneling = active.Where(request => request.Tunnel is not null).Select(request => request.Connection).ToHashSet();
            var (silent, idle, busy, http2) = (0, Idle.Count(), 0, 0);
            foreach (var connection in Connections)
            {
                if (connection.SpeaksHttp2 || connection.Kind == ConnectionKind.Http2)
                    http2++;
                else if (connection.Kind == ConnectionKind.Silent)
                    silent++;
                else if (connection.ActiveRequests == 0)
                    idle++;
                else if (!tunneling.Contains(connection))
                    busy++;
            }

            var accepted = active.Count(request => request.Tunnel is not null);
            return new OpenWork(silent, idle, busy, http2, accepted + tunnels.Adopted.Count(), active.Count - accepted);
        }
    }

    /// <summary>By route and kind, the oldest first.</summary>
    public IReadOnlyList<PendingWork> Pending =>
    [
        .. Requests.Select(request => (request.Route, Kind: request.Tunnel is null ? "request" : "tunnel", Age: clock.GetElapsedTime(request.StartedAt)))
            .Concat(tunnels.Adopted.Select(tunnel => (tunnel.Route, Kind: "tunnel", Age: clock.GetUtcNow() - tunnel.Description.Client.AcceptedAt)))
            .Concat(Connections.Where(connection => connection.ActiveRequests == 0).Select(connection => connection.LastActive)
                .Concat(Idle.Select(connection => connection.LastActive))
                .Select(lastActive => (Route: "(none)", Kind: "connection", Age: clock.GetElapsedTime(lastActive))))
            .GroupBy(work => (work.Route, work.Kind))
            .Select(group => new PendingWork(Short(group.Key.Route), group.Key.Kind, group.Count(), group.Max(work => work.Age)))
            .OrderByDescending(work => work.Oldest)
            .Take(MostPending),
    ];

    private static string Short(string route) => route.Length <= MostNameLength ? route : route[..MostNameLength] + "…";
}
