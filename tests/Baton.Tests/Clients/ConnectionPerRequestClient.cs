namespace Baton.Tests.Clients;

/// <summary>A new connection for every request, with <c>Connection: close</c>; refused or reset is a failure.</summary>
public sealed class ConnectionPerRequestClient(int port, int lanes = 1) : Http1Client("connection per request", port, lanes)
{
    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        while (GoesOn(cues, cancellationToken))
        {
            var id = NextId();
            var left = await ExchangeAsync(null, Exchange.Get(Port, $"/echo?id={id}", id, "Connection: close\r\n"), cancellationToken);
            if (left is not null)
            {
                // RFC 9112, 9.6: a server that is asked to close says so in its answer.
                Report.Fail(left.Number, left.Requests, $"GET /echo?id={id}", "the answer to 'Connection: close' has no 'Connection: close'");
                left.Dispose();
            }
            cues.Ready();
        }
    }
}
