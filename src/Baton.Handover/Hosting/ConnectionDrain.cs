using Baton.Handover.Transport;
using Microsoft.AspNetCore.Connections.Features;

namespace Baton.Handover.Hosting;

/// <summary>How one connection is let go of; asked again and again until it is gone or the deadline has come.</summary>
/// <param name="connection">The connection.</param>
/// <param name="requests">Counts what is done to it.</param>
/// <param name="turn">When it may be asked, counted from the begin of the drain.</param>
/// <param name="idleLinger">How long a silent one is kept from then on, at least.</param>
/// <param name="clock">The time.</param>
internal sealed class ConnectionDrain(HandoverConnection connection, RequestTable requests, TimeSpan turn, TimeSpan idleLinger, TimeProvider clock)
{
    private long _askedAt;
    private bool _isAnnounced;

    /// <summary>Takes the next step, if it is time.</summary>
    /// <param name="elapsed">Since the begin of the drain.</param>
    /// <param name="isLast">Whether the deadline is near: one that is silent is not waited for any more.</param>
    /// <returns>True when this step closed a connection that had stayed silent.</returns>
    public bool Step(TimeSpan elapsed, bool isLast)
    {
        if (connection.IsAsked || elapsed < turn)
            return false;
        if (!connection.IsLeaving)
            (connection.IsLeaving, _askedAt) = (true, clock.GetTimestamp());

        if (connection.Kind == ConnectionKind.Http2)
        {
            StepHttp2();
            return false;
        }

        if (connection.SpeaksHttp2 && connection.ActiveRequests > 0)
        {
            requests.AskHttp2ToLeave(connection);
            return false;
        }

        // A response that is under way will say "Connection: close" itself; one whose head is already out cannot, and then
        // the client gets the linger after it, like any idle one. One that is used to longer pauses gets its usual one: most
        // likely a request is about to come.
        if (connection.ActiveRequests > 0 || (!isLast && IsExpected()))
            return false;
        RequestClose();
        return true;
    }

    // First the announcement, which refuses nothing; when the client has had time to see it, Kestrel's own GOAWAY, which
    // ends the connection after the last stream. Kestrel's alone would refuse what is on the wire of an idle connection.
    private void StepHttp2()
    {
        if (!_isAnnounced)
        {
            _isAnnounced = true;
            connection.AnnounceGoAway();
            requests.CountAskedToClose(connection);
        }
        else if (clock.GetElapsedTime(_askedAt) >= idleLinger)
        {
            RequestClose();
        }
    }

    private bool IsExpected() =>
        clock.GetElapsedTime(Math.Max(_askedAt, connection.LastActive)) < idleLinger
        || clock.GetElapsedTime(connection.LastActive) < connection.UsualPause;

    private void RequestClose()
    {
        if (connection.AskOnce())
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }
}
