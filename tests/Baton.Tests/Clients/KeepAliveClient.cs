namespace Baton.Tests.Clients;

/// <summary>
/// Request after request on connections that live on, without pause or with random pauses; <c>Connection: close</c> is
/// obeyed by a new connection.
/// </summary>
public sealed class KeepAliveClient(int port, int connections = 1, int longestPauseMilliseconds = 0)
    : Http1Client(longestPauseMilliseconds == 0 ? "keep-alive" : "keep-alive with pauses", port, connections)
{
    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        Http1Connection? connection = null;
        while (GoesOn(cues, cancellationToken))
        {
            var id = NextId();
            connection = await ExchangeAsync(connection, Exchange.Get(Port, $"/echo?id={id}", id), cancellationToken);
            cues.Ready();
            if (longestPauseMilliseconds > 0)
                await Task.Delay(Random.Shared.Next(longestPauseMilliseconds + 1), cancellationToken);
        }
        connection?.Dispose();
    }
}
