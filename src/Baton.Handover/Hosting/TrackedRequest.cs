using Baton.Handover.Transport;
using Microsoft.AspNetCore.Http;

namespace Baton.Handover.Hosting;

/// <summary>One request in flight, or the tunnel that it has become.</summary>
internal sealed class TrackedRequest(RequestTable table, HandoverConnection connection, HttpResponse response, Endpoint? endpoint, long startedAt) : IDisposable
{
    public HandoverConnection Connection => connection;

    public HttpResponse Response => response;

    /// <summary>Whether its response is the connection's last here, and must say so.</summary>
    public bool ShouldClose => table.ShouldClose(connection, response.HttpContext);

    /// <summary>The name of the endpoint that answers; the route's name for a YARP route.</summary>
    public string Route => endpoint?.DisplayName ?? "(none)";

    /// <summary>Timestamp of its begin.</summary>
    public long StartedAt => startedAt;

    /// <summary>How a drain ends it, should it become a tunnel.</summary>
    public TunnelDrainPolicy Policy => endpoint?.Metadata.GetMetadata<TunnelDrainPolicy>() ?? TunnelDrainPolicy.Default;

    /// <summary>Set once the client has switched protocols.</summary>
    public ITunnel? Tunnel { get; set; }

    /// <summary>Whether it is in flight, or a tunnel that has not ended. This and the links are its list's.</summary>
    public bool IsListed { get; set => Volatile.Write(ref field, value); }

    public TrackedRequest? Next { get; set; }

    public TrackedRequest? Previous { get; set; }

    public void CountAskedToClose() => table.CountAskedToClose(connection);

    public void Dispose() => table.End(this);
}
