namespace Baton.Tests.Clients;

/// <summary>One thing that a client of the daemon would have noticed: what it tried, where, and what happened.</summary>
/// <param name="Kind">The kind of client.</param>
/// <param name="Connection">The number of the connection among those of the client, from 1; 0 when it could not be opened.</param>
/// <param name="Request">The number of the request on that connection, from 1; 0 when there was none.</param>
/// <param name="Tried">What was tried.</param>
/// <param name="Happened">What happened instead of an answer.</param>
/// <param name="At">The time since the client was made.</param>
public sealed record ClientFailure(string Kind, int Connection, int Request, string Tried, string Happened, TimeSpan At)
{
    public override string ToString() =>
        $"+{At:mm\\:ss\\.fff} {Kind}, connection {Connection}, request {Request}: {Tried}: {Happened}";
}
