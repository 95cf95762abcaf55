namespace Baton.Tests.Clients;

/// <summary>
/// Streams without pause on HTTP/2 connections, several at once on each. A GOAWAY is obeyed by a new connection while the
/// streams of the old one end; each of those must be answered, and the old connection must end by a FIN.
/// </summary>
public sealed class Http2Client(int port, int connections = 1, int streams = 4) : Client("http2", port, connections)
{
    /// <summary>The time in which a connection must end after its last answer. Default: 10 seconds.</summary>
    public TimeSpan EndDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether a stream that crossed a GOAWAY on the wire and was refused by it is a failure, although a client may ask it
    /// again elsewhere; otherwise it is counted. Default: true.
    /// </summary>
    public bool RefusalIsFailure { get; init; } = true;

    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        var ending = new List<Task>();
        while (GoesOn(cues, cancellationToken))
        {
            Http2Connection connection;
            try
            {
                connection = await Http2Connection.OpenAsync(Port, Report, cancellationToken).WaitAsync(AnswerDeadline, cancellationToken);
            }
            catch (Exception e) when (ConnectionFault.Is(e))
            {
                Report.Fail(0, 0, $"open a connection to port {Port}", ConnectionFault.InWords(e, cancellationToken));
                await Task.Delay(10, CancellationToken.None);
                continue;
            }
            await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => AskAsync(connection, cues, cancellationToken)));
            ending.Add(EndAsync(connection, cancellationToken));
        }
        await Task.WhenAll(ending);
    }

    /// <summary>One stream after another, alternately without and with a body, until the connection opens no more.</summary>
    private async Task AskAsync(Http2Connection connection, Cues cues, CancellationToken cancellationToken)
    {
        for (var request = 1; GoesOn(cues, cancellationToken) && connection.Opens; request++)
        {
            var id = NextId();
            var body = request % 2 == 0 ? $"body of {id}" : null;
            var tried = $"{(body is null ? "GET" : "POST")} /echo?id={id}";
            try
            {
                var start = TimeProvider.System.GetTimestamp();
                var answer = await connection.AskAsync($"/echo?id={id}", body, AnswerDeadline, cancellationToken);
                if (answer is null)
                    return;
                if (answer.Refused && !RefusalIsFailure)
                    Report.CountRefused();
                else if (WhatIsWrong(answer, body ?? id) is { } wrong)
                {
                    Report.Fail(connection.Number, answer.Stream, tried, wrong);
                    await Task.Delay(10, CancellationToken.None);
                }
                else
                {
                    Report.CountAnswer(TimeProvider.System.GetElapsedTime(start));
                }
            }
            catch (Exception e) when (ConnectionFault.Is(e))
            {
                Report.Fail(connection.Number, request, tried, ConnectionFault.InWords(e, cancellationToken));
                return;
            }
            cues.Ready();
        }
    }

    private static string? WhatIsWrong(Http2Answer answer, string expected)
    {
        if (answer.Fault is not null)
            return answer.Fault;
        if (answer.Status != 200)
            return $"answered with status {answer.Status} {answer.Body}".TrimEnd();
        return answer.Body == expected ? null : $"answered '{answer.Body}' instead of '{expected}'";
    }

    private async Task EndAsync(Http2Connection connection, CancellationToken cancellationToken)
    {
        using (connection)
        {
            try
            {
                var asked = connection.GoAway;
                if (asked is not null)
                    Report.CountAskedToClose();
                else if (connection.Opens)
                    await connection.CloseAsync(cancellationToken);
                else if (connection.Fault is null)
                    Report.CountClosedWhileIdle();

                await connection.End.WaitAsync(EndDeadline, cancellationToken);
                Report.CountEnd($"{asked ?? "no GOAWAY asked for it"}, then {connection.Fault ?? "FIN"}");
                if (connection.Fault is { } fault)
                    Report.Fail(connection.Number, 0, $"end the connection after {asked ?? "our own GOAWAY"}", fault);
            }
            catch (Exception e) when (ConnectionFault.Is(e))
            {
                Report.Fail(connection.Number, 0, "see the connection end", ConnectionFault.InWords(e, cancellationToken));
            }
        }
    }
}
