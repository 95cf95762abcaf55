namespace Baton.Tests.Clients;

/// <summary>
/// Connections that are opened once and send their first byte only when they were told to speak a number of times; from
/// then on each makes a request whenever told, and is idle between. A connection that ends, and an answer that asks to end
/// it, is a failure.
/// </summary>
/// <param name="port">The port on 127.0.0.1.</param>
/// <param name="connections">How many.</param>
/// <param name="leastSilent">How often the most talkative lets the word pass.</param>
/// <param name="mostSilent">How often the most silent does; the others lie between, in equal numbers.</param>
public sealed class SilentFirstClient(int port, int connections, int leastSilent, int mostSilent)
    : Http1Client(leastSilent == mostSilent ? $"silent for {leastSilent}" : $"silent for {leastSilent} to {mostSilent}", port, connections)
{
    private int _lanes;

    public override bool Speaks => true;

    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        var silent = leastSilent + (Interlocked.Increment(ref _lanes) % (mostSilent - leastSilent + 1));
        var connection = await TryOpenAsync(cancellationToken);
        cues.Ready();
        while (connection is not null && await cues.SpokenAsync(cancellationToken))
        {
            if (silent-- <= 0)
            {
                var id = NextId();
                var exchange = Exchange.Get(Port, $"/echo?id={id}", id, mustBeOpen: true, mustStayOpen: true);
                connection = await ExchangeAsync(connection, exchange, cancellationToken);
            }
            cues.Ready();
        }
        connection?.Dispose();
    }
}
