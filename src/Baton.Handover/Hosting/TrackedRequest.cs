using Baton.Handover.Transport;
using Microsoft.AspNetCore.Http;

namespace Baton.Handover.Hosting;

/// <summary>One request in flight, or the tunnel that it has become.</summary>
internal sealed class TrackedRequest(RequestTable table, HandoverConnection connection, HttpResponse response, string route, TunnelDrainPolicy policy, long startedAt) : IDisposable
{
    public HandoverConnection Connection => connection;

    public HttpResponse Response => response;

    /// <summary>Whether its response is the connection's last here, and must say so.</summary>
    public bool ShouldClose => table.ShouldClose(connection, response.HttpContext);

    /// <summary>The name of the endpoint that answers; the route's name for a YARP route.</summary>
    public string Route => route;

    /// <summary>Timestamp of its begin.</summary>
    public long StartedAt => startedAt;

    /// <summary>How a drain ends it, should it become a tunnel.</summary>
    public TunnelDrainPolicy Policy => policy;

    /// <summary>Set once the client has switched protocols.</summary>
    public ITunnel? Tunnel { get; set; }

    public void CountAskedToClose() => table.CountAskedToClose();

    public void Dispose() => table.End(this);
}
