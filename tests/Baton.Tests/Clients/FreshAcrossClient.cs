namespace Baton.Tests.Clients;

/// <summary>
/// Connections that are opened and say nothing until told to; the first request on each must be answered. New ones are
/// then opened for the next time.
/// </summary>
public sealed class FreshAcrossClient(int port, int connections) : Http1Client("fresh across", port, connections)
{
    public override bool Speaks => true;

    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        var connection = await TryOpenAsync(cancellationToken);
        cues.Ready();
        while (await cues.SpokenAsync(cancellationToken) && !Report.GaveUp)
        {
            var id = NextId();
            connection = await ExchangeAsync(connection, Exchange.Get(Port, $"/echo?id={id}", id, mustBeOpen: true), cancellationToken);
            connection?.Dispose();
            connection = await TryOpenAsync(cancellationToken);
            cues.Ready();
        }
        connection?.Dispose();
    }
}
