using System.Text;

namespace Baton.Tests.Clients;

/// <summary>
/// One to five requests at once, torn into segments at random places, on connections that are opened once; the answers must
/// come in order (RFC 9112, 9.3.2). A connection that ends, and an answer that asks to end it, is a failure.
/// </summary>
public sealed class PipeliningClient(int port, int connections = 1) : Http1Client("pipelining", port, connections)
{
    private const int MostRequests = 5;
    private const int MostSegments = 3;

    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        var connection = await TryOpenAsync(cancellationToken);
        while (connection is not null && GoesOn(cues, cancellationToken))
        {
            connection = await ExchangeAsync(connection, Several(), cancellationToken);
            cues.Ready();
        }
        connection?.Dispose();
    }

    private Exchange Several()
    {
        var ids = Enumerable.Range(0, Random.Shared.Next(1, MostRequests + 1)).Select(_ => NextId()).ToList();
        var requests = Encoding.Latin1.GetBytes(string.Concat(ids.Select(id => $"GET /echo?id={id} HTTP/1.1\r\nHost: x\r\n\r\n")));
        return new Exchange
        {
            Tried = $"pipeline GET /echo?id={ids[0]} and {ids.Count - 1} more",
            SendAsync = (connection, token) => SendTornAsync(connection, requests, token),
            ReceiveAsync = (connection, head, token) => ReceiveAsync(connection, head, ids, token),
            MustBeOpen = true,
            MustStayOpen = true,
        };
    }

    private static async Task SendTornAsync(Http1Connection connection, ReadOnlyMemory<byte> requests, CancellationToken cancellationToken)
    {
        for (var segment = 1; segment < MostSegments; segment++)
        {
            var size = Random.Shared.Next(requests.Length);
            await connection.SendAsync(requests[..size], cancellationToken);
            requests = requests[size..];
            await Task.Delay(Random.Shared.Next(2), cancellationToken);
        }
        await connection.SendAsync(requests, cancellationToken);
    }

    private static async Task<string?> ReceiveAsync(Http1Connection connection, ResponseHead head, List<string> ids, CancellationToken cancellationToken)
    {
        for (var number = 0; ; head = await connection.Reader.ReadHeadAsync(cancellationToken))
        {
            var body = await connection.Reader.ReadTextAsync(head, cancellationToken);
            if (head.Status != 200 || body != ids[number])
                return $"answer {number + 1} of {ids.Count} is '{head.StatusLine}' '{body}' instead of '{ids[number]}'";
            // Who called has seen the first head.
            if (++number > 1 && head.Closes)
                return $"answer {number} of {ids.Count} asks to close the connection";
            if (number == ids.Count)
                return null;
        }
    }
}
