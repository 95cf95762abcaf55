using Baton.Handover.Transport;
using Microsoft.AspNetCore.Connections.Features;

namespace Baton.Handover.Hosting;

/// <summary>How one connection is let go of; asked again and again until it is gone or the deadline has come.</summary>
internal sealed class ConnectionDrain(HandoverConnection connection, RequestTable requests, TimeSpan idleLinger, TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private bool _isAnnounced;
    private bool _isAskedToClose;

    /// <summary>Takes the next step, if it is time.</summary>
    /// <returns>True when this step closed a connection that had stayed silent.</returns>
    public bool Step()
    {
        if (_isAskedToClose || requests.IsMoving(connection))
            return false;

        if (connection.Kind == ConnectionKind.Http2)
        {
            StepHttp2();
            return false;
        }

        // Inside TLS only Kestrel can say GOAWAY; while streams are open it says the one that refuses nothing.
        if (connection.SpeaksHttp2 && connection.ActiveRequests > 0)
        {
            requests.CountAskedToClose();
            RequestClose();
            return false;
        }

        // A response that is under way will say "Connection: close" itself; one whose head is already out cannot, and then
        // the client gets the linger after it, like any idle one.
        if (connection.ActiveRequests > 0 || clock.GetElapsedTime(Math.Max(_began, connection.LastActive)) < idleLinger)
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
            requests.CountAskedToClose();
        }
        else if (clock.GetElapsedTime(_began) >= idleLinger)
        {
            RequestClose();
        }
    }

    private void RequestClose()
    {
        _isAskedToClose = true;
        connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }
}
