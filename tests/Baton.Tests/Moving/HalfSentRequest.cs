using Baton.Tests.Clients;

namespace Baton.Tests.Moving;

/// <summary>A request of which one part is sent now and the rest later.</summary>
internal sealed class HalfSentRequest(Http1Connection connection, string request, int at, string answer)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public Http1Connection Connection => connection;

    /// <summary>The request with a bar where it is cut, for the report.</summary>
    public override string ToString() => request.Insert(at, "|").Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public Task SendFirstPartAsync(CancellationToken cancellationToken) => connection.SendAsync(request[..at], cancellationToken);

    /// <summary>Sends the rest and reads the answer; returns what was wrong, or null.</summary>
    public async Task<string?> FinishAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        try
        {
            await connection.SendAsync(request[at..], limit.Token);
            var head = await connection.Reader.ReadHeadAsync(limit.Token);
            var body = await connection.Reader.ReadTextAsync(head, limit.Token);
            if (head.Status != 200 || body != answer)
                return $"{this}: answered '{head.StatusLine}' '{body}'";
            return head.Closes ? $"{this}: the answer asks to close the connection" : null;
        }
        catch (Exception e) when (ConnectionFault.Is(e))
        {
            return $"{this}: {ConnectionFault.InWords(e, cancellationToken)}";
        }
    }
}
