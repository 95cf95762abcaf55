using Baton.Handover.Transport;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Baton.Handover.Hosting;

/// <summary>Every request that is being answered, and what a drain has done to them so far.</summary>
internal sealed class RequestTable(LeaveSwitch leaving, TimeProvider clock)
{
    private readonly RequestSet _requests = new();
    private int _finished;
    private int _askedToClose;

    /// <summary>While set, HTTP/1.x responses ask their connection to close unless it can move, and what happens is counted.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Requests finished since the drain began, without the application's own.</summary>
    public int Finished => Volatile.Read(ref _finished);

    /// <summary>Connections that were asked to leave since the drain began, without the application's own.</summary>
    public int AskedToClose => Volatile.Read(ref _askedToClose);

    public IEnumerable<TrackedRequest> Active => _requests.ToList();

    public void BeginDrain()
    {
        (_finished, _askedToClose) = (0, 0);
        IsDraining = true;
    }

    public void EndDrain() => IsDraining = false;

    /// <summary>Whether this response is the connection's last here, and must say so.</summary>
    public bool ShouldClose(HandoverConnection connection, HttpContext context) =>
        ((IsDraining && connection.IsLeaving) || IsAskedToLeave(context)) && !connection.HasPipelined;

    /// <summary>
    /// While a stream is open: inside TLS only Kestrel can say GOAWAY, and then it says the one that refuses nothing.
    /// </summary>
    public void AskHttp2ToLeave(HandoverConnection connection)
    {
        if (!connection.AskOnce())
            return;
        CountAskedToClose(connection);
        connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    public void CountAskedToClose(HandoverConnection connection)
    {
        if (!connection.IsPrivate)
            Interlocked.Increment(ref _askedToClose);
    }

    public TrackedRequest Begin(HandoverConnection connection, HttpContext context)
    {
        var now = clock.GetTimestamp();
        var request = new TrackedRequest(this, connection, context.Response, context.GetEndpoint(), now);
        connection.BeginRequest(now, context.Request.Headers.TransferEncoding.Count > 0 ? null : context.Request.ContentLength ?? 0);
        _requests.Add(request);
        if (IsDraining && connection is { IsLeaving: true, SpeaksHttp2: true, Kind: ConnectionKind.Tls })
            AskHttp2ToLeave(connection);
        else if (connection.SpeaksHttp2 && IsAskedToLeave(context))
            AskHttp2ToLeaveUndrained(connection);
        return request;
    }

    public void End(TrackedRequest request)
    {
        if (!_requests.Remove(request))
            return;
        if (IsDraining && !request.Connection.IsPrivate)
            Interlocked.Increment(ref _finished);
        var now = clock.GetTimestamp();
        request.Connection.EndRequest(now, clock.GetElapsedTime(request.StartedAt, now));
    }

    private bool IsAskedToLeave(HttpContext context) => leaving.IsOn && context.GetEndpoint()?.Metadata.GetMetadata<NotTraffic>() is null;

    // Kestrel's own GOAWAY would end the connection with this stream, and refuse what is on the wire: the announcement alone
    // leaves that to the client. Inside TLS it cannot be made.
    private void AskHttp2ToLeaveUndrained(HandoverConnection connection)
    {
        if (connection.Kind == ConnectionKind.Http2)
            connection.AnnounceGoAway();
        else
            AskHttp2ToLeave(connection);
    }
}
