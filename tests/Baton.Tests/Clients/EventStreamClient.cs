using System.Globalization;
using System.Text;

namespace Baton.Tests.Clients;

/// <summary>Streams of numbered server-sent events, at least one a lane: none may be missing, doubled or out of order.</summary>
public sealed class EventStreamClient(int port, int streams = 1, int events = 20, int milliseconds = 100)
    : Http1Client("event stream", port, streams)
{
    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        Http1Connection? connection = null;
        do
        {
            var target = $"/events?n={events}&ms={milliseconds}&id={NextId()}";
            var exchange = new Exchange
            {
                Tried = $"GET {target}",
                SendAsync = (opened, token) => opened.SendAsync(
                    $"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\nAccept: text/event-stream\r\n\r\n", token),
                ReceiveAsync = (opened, head, token) => ReceiveAsync(opened, head, cues, token),
                Deadline = AnswerDeadline + TimeSpan.FromMilliseconds(2.0 * events * milliseconds),
            };
            connection = await ExchangeAsync(connection, exchange, cancellationToken);
        }
        while (GoesOn(cues, cancellationToken));
        connection?.Dispose();
    }

    private async Task<string?> ReceiveAsync(Http1Connection connection, ResponseHead head, Cues cues, CancellationToken cancellationToken)
    {
        var received = new List<int>();
        var line = new StringBuilder();
        await connection.Reader.ReadBodyAsync(
            head,
            (piece, _) =>
            {
                foreach (var letter in piece.Span)
                {
                    if (letter != '\n')
                    {
                        line.Append((char)letter);
                        continue;
                    }
                    if (line.ToString() is var text && text.StartsWith("id: ", StringComparison.Ordinal))
                        received.Add(int.Parse(text[4..], CultureInfo.InvariantCulture));
                    line.Clear();
                }
                // The first event is there: the stream is open in the middle.
                cues.Ready();
                return ValueTask.CompletedTask;
            },
            cancellationToken);

        return received.SequenceEqual(Enumerable.Range(1, events))
            ? null
            : $"events {string.Join(' ', received)} came instead of 1 to {events}";
    }
}
