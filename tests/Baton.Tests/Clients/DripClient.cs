using System.Text;

namespace Baton.Tests.Clients;

/// <summary>
/// Requests that are sent byte by byte, one after the other on connections that are opened once: a connection that ends,
/// and an answer that asks to end it, is a failure.
/// </summary>
public sealed class DripClient(int port, int connections = 1, int pauseMilliseconds = 1) : Http1Client("byte by byte", port, connections)
{
    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        var connection = await TryOpenAsync(cancellationToken);
        while (connection is not null && GoesOn(cues, cancellationToken))
        {
            connection = await ExchangeAsync(connection, Drip(NextId()), cancellationToken);
            cues.Ready();
        }
        connection?.Dispose();
    }

    private Exchange Drip(string id) => new()
    {
        Tried = $"POST /echo?id={id}",
        SendAsync = async (connection, token) =>
        {
            var request = Encoding.Latin1.GetBytes($"POST /echo?id={id} HTTP/1.1\r\nHost: x\r\nContent-Length: {id.Length}\r\n\r\n{id}");
            for (var at = 0; at < request.Length; at++)
            {
                await connection.SendAsync(request.AsMemory(at, 1), token);
                await Task.Delay(pauseMilliseconds, token);
            }
        },
        ReceiveAsync = async (connection, head, token) =>
            await connection.Reader.ReadTextAsync(head, token) is var body && body == id ? null : $"answered '{body}' instead of '{id}'",
        MustBeOpen = true,
        MustStayOpen = true,
    };
}
