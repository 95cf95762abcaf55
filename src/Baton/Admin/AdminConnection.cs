namespace Baton.Admin;

/// <summary>The feature of a connection that came in on an admin listener: by it alone a request is the admin's.</summary>
/// <param name="IsTcp">Whether anybody may have connected: not the socket, which its mode protects.</param>
internal sealed record AdminConnection(bool IsTcp);
