namespace Baton.Handover.Transport;

/// <summary>What is known of a tunnel beside its sockets.</summary>
/// <param name="Route">The name of the endpoint that it came through.</param>
/// <param name="Listener">The address of the listener where the client came in.</param>
/// <param name="Client">The client's connection up to the upgrade.</param>
/// <param name="IsWebSocket">Whether a close frame can end it.</param>
/// <param name="ActivityTimeout">The time without traffic after which it is ended; infinite for never.</param>
/// <param name="Policy">How a drain ends it where it cannot move.</param>
internal sealed record TunnelDescription(string Route, string Listener, ConnectionHistory Client, bool IsWebSocket, TimeSpan ActivityTimeout, TunnelDrainPolicy Policy);
