namespace Baton.Handover.Transport;

/// <summary>A tunnel that a drain can end in good order.</summary>
internal interface ITunnel
{
    TunnelDrainPolicy Policy { get; }

    /// <summary>Whether it may still go to the successor.</summary>
    bool CanMove { get; }

    /// <summary>Makes a close frame the last that the client gets, if it is a WebSocket that stands between two frames.</summary>
    /// <param name="code">1001 or 1012; RFC 6455, 7.4.1 and its registry.</param>
    /// <param name="cancellation">Ends the wait for a client that does not read.</param>
    /// <returns>False if no close frame was sent.</returns>
    Task<bool> TryCloseAsync(int code, CancellationToken cancellation);
}
