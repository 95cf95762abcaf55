namespace Baton.Tests.Clients;

/// <summary>Requests that take long to answer, at least one a lane, so that some are in flight whenever an upgrade comes.</summary>
/// <param name="port">The port on 127.0.0.1.</param>
/// <param name="requests">How many at once.</param>
/// <param name="milliseconds">How long each takes; null: until <see cref="Backends.Backend.Held"/> is open.</param>
public sealed class InFlightClient(int port, int requests, int? milliseconds = 3000) : Http1Client("in flight", port, requests)
{
    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        Http1Connection? connection = null;
        do
        {
            var id = NextId();
            var target = milliseconds is null ? $"/held?id={id}" : $"/slow?ms={milliseconds}&id={id}";
            var exchange = Exchange.Get(Port, target, id, sent: cues.Ready);
            connection = await ExchangeAsync(connection, exchange, cancellationToken);
        }
        while (GoesOn(cues, cancellationToken));
        connection?.Dispose();
    }
}
