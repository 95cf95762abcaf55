namespace Baton.Tests.Clients;

/// <summary>
/// Request after request on connections that are opened once: a connection that ends, and an answer that asks to end it,
/// is a failure. Between requests it makes no pause, or random ones too short to sleep through a hand-over.
/// </summary>
public sealed class OriginalConnectionClient(int port, int connections = 1, bool pauses = false)
    : Http1Client(pauses ? "original with pauses" : "original", port, connections)
{
    private const int LongestSpin = 20_000;
    private const int LongestPauseMilliseconds = 3;

    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        var connection = await TryOpenAsync(cancellationToken);
        while (connection is not null && GoesOn(cues, cancellationToken))
        {
            var id = NextId();
            var exchange = Exchange.Get(Port, $"/echo?id={id}", id, mustBeOpen: true, mustStayOpen: true);
            connection = await ExchangeAsync(connection, exchange, cancellationToken);
            cues.Ready();
            if (pauses)
                await PauseAsync(cancellationToken);
        }
        connection?.Dispose();
    }

    // Timers are no finer than a millisecond, and a hand-over of one connection takes less.
    private static async Task PauseAsync(CancellationToken cancellationToken)
    {
        if (Random.Shared.Next(2) == 0)
            Thread.SpinWait(Random.Shared.Next(LongestSpin));
        else
            await Task.Delay(Random.Shared.Next(LongestPauseMilliseconds + 1), cancellationToken);
    }
}
