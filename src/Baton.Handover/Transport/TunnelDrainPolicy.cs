namespace Baton.Handover.Transport;

/// <summary>
/// How a drain ends the WebSockets of an endpoint that cannot move to the successor (TLS, HTTP/2, no successor that takes
/// them); endpoint metadata. Default: none, which keeps them until the deadline and then closes them with 1001.
/// </summary>
/// <param name="CloseCode">The code of the close frame: 1001 (going away) or 1012 (service restart); RFC 6455, 7.4.1.</param>
/// <param name="CloseOver">
/// The time, counted from the begin of the drain, over which the close frames are spread; null keeps each until the deadline.
/// </param>
public sealed record TunnelDrainPolicy(int CloseCode = TunnelDrainPolicy.GoingAway, TimeSpan? CloseOver = null)
{
    /// <summary>The server goes away.</summary>
    public const int GoingAway = 1001;

    /// <summary>The server restarts: the client should come back, after a random delay of 5 to 30 s.</summary>
    public const int ServiceRestart = 1012;

    internal static TunnelDrainPolicy Default { get; } = new();
}
