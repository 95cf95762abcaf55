namespace Baton.Tests.Clients;

/// <summary>Requests that take long to answer, at least one a lane, so that some are in flight whenever an upgrade comes.</summary>
public sealed class InFlightClient(int port, int requests, int milliseconds = 3000) : Http1Client("in flight", port, requests)
{
    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        Http1Connection? connection = null;
        do
        {
            var id = NextId();
            var exchange = Exchange.Get(Port, $"/slow?ms={milliseconds}&id={id}", id, sent: cues.Ready);
            connection = await ExchangeAsync(connection, exchange, cancellationToken);
        }
        while (GoesOn(cues, cancellationToken));
        connection?.Dispose();
    }
}
