namespace Baton.Tests.Clients;

/// <summary>
/// Connections that have made one request and are idle until told to speak; each then makes another, and is idle again.
/// One that was closed meanwhile is counted, and opened anew if that is allowed.
/// </summary>
public sealed class IdleAcrossClient(int port, int connections, bool reopens = true) : Http1Client("idle across", port, connections)
{
    public override bool Speaks => true;

    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        var connection = await AskAsync(null, cancellationToken);
        cues.Ready();
        while (await cues.SpokenAsync(cancellationToken) && !Report.GaveUp)
        {
            if (!reopens && connection?.Look() == IdleState.Closed)
            {
                Report.CountClosedWhileIdle();
                break;
            }
            connection = await AskAsync(connection, cancellationToken);
            // The answer may have asked to close; the next upgrade wants an idle connection again.
            if (connection is null && reopens)
                connection = await AskAsync(null, cancellationToken);
            if (connection is null)
                break;
            cues.Ready();
        }
        connection?.Dispose();
    }

    private Task<Http1Connection?> AskAsync(Http1Connection? connection, CancellationToken cancellationToken)
    {
        var id = NextId();
        return ExchangeAsync(connection, Exchange.Get(Port, $"/echo?id={id}", id), cancellationToken);
    }
}
