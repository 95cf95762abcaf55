namespace Baton.Admin;

/// <summary>The feature of a connection that came in on the admin socket: by it alone a request is the admin's.</summary>
internal sealed class AdminConnection;
