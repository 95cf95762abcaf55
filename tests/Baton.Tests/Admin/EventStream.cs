using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Baton.Tests.Admin;

/// <summary>A client of <c>GET /events</c> as a browser is one: when a stream has ended it asks again, with the last id that it has seen.</summary>
internal sealed class EventStream(string socket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://localhost"), Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The id of the last event that had one.</summary>
    public string? LastId { get; set; }

    /// <summary>Streams that it has opened.</summary>
    public int Opened { get; private set; }

    /// <summary>What <c>retry:</c> has said.</summary>
    public string? Retry { get; private set; }

    /// <summary>Events, of one stream after the other.</summary>
    public async IAsyncEnumerable<(string Name, string? Id, JsonElement Data)> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await foreach (var one in ReadOneAsync(cancellationToken))
                yield return one;
        }
    }

    /// <summary>Events of one stream, until it ends.</summary>
    public async IAsyncEnumerable<(string Name, string? Id, JsonElement Data)> ReadOneAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (LastId is not null)
            request.Headers.Add("Last-Event-ID", LastId);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        Opened++;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        string? name = null, id = null, data = null;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0 && data is not null)
            {
                LastId = id ?? LastId;
                yield return (name!, id, JsonDocument.Parse(data).RootElement);
                (name, id, data) = (null, null, null);
            }
            else if (line.Split(": ", 2) is [var field, var value])
            {
                (name, id, data, Retry) = field switch
                {
                    "event" => (value, id, data, Retry),
                    "id" => (name, value, data, Retry),
                    "data" => (name, id, value, Retry),
                    "retry" => (name, id, data, value),
                    _ => (name, id, data, Retry),
                };
            }
        }
    }

    public void Dispose() => _http.Dispose();
}
