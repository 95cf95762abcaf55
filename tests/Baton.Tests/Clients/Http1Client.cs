namespace Baton.Tests.Clients;

/// <summary>What the clients that speak HTTP/1.1 share: one exchange on a connection that lives on, with every end of it judged.</summary>
public abstract class Http1Client(string kind, int port, int lanes) : Client(kind, port, lanes)
{
    /// <summary>SO_RCVBUF and the size of a read; null leaves the kernel's default.</summary>
    protected int? ReceiveBuffer { get; init; }

    protected Task<Http1Connection> OpenAsync(CancellationToken cancellationToken) =>
        Http1Connection.OpenAsync(Port, Report, ReceiveBuffer, cancellationToken);

    /// <summary>Opens a connection, or reports that it could not.</summary>
    protected async Task<Http1Connection?> TryOpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(cancellationToken).WaitAsync(AnswerDeadline, cancellationToken);
        }
        catch (Exception e) when (ConnectionFault.Is(e))
        {
            Report.Fail(0, 0, $"open a connection to port {Port}", ConnectionFault.InWords(e, cancellationToken));
            return null;
        }
    }

    /// <summary>
    /// Makes one request, on <paramref name="connection"/> if it is still open, otherwise on a new one.
    /// Returns the connection for the next request, or null if it ended.
    /// </summary>
    protected async Task<Http1Connection?> ExchangeAsync(Http1Connection? connection, Exchange exchange, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(exchange.Deadline ?? AnswerDeadline);
        var tried = exchange.Tried;
        try
        {
            connection = StillOpen(connection, exchange) ?? await OpenAsync(limit.Token);
            connection.Requests++;
            var start = TimeProvider.System.GetTimestamp();
            await exchange.SendAsync(connection, limit.Token);
            exchange.Sent?.Invoke();

            var head = await connection.Reader.ReadHeadAsync(limit.Token);
            exchange.Began?.Invoke();
            if (head.Status == 200)
            {
                if (await exchange.ReceiveAsync(connection, head, limit.Token) is { } wrong)
                    Report.Fail(connection.Number, connection.Requests, tried, wrong);
                else
                    Report.CountAnswer(TimeProvider.System.GetElapsedTime(start));
            }
            else
            {
                var body = await connection.Reader.ReadTextAsync(head, limit.Token);
                Report.Fail(connection.Number, connection.Requests, tried, $"answered '{head.StatusLine}' {body}".TrimEnd());
            }

            if (!head.Closes)
                return connection;
            Report.CountAskedToClose();
            if (exchange.MustStayOpen)
                Report.Fail(connection.Number, connection.Requests, tried, "the answer asks to close the connection");
            tried = $"close after {exchange.Tried}";
            await connection.Reader.ReadEndAsync(limit.Token);
        }
        catch (Exception e) when (ConnectionFault.Is(e))
        {
            Report.Fail(connection?.Number ?? 0, connection?.Requests ?? 0, tried, ConnectionFault.InWords(e, cancellationToken));
            // A port that refuses must not be asked in a tight loop.
            await Task.Delay(10, CancellationToken.None);
        }
        connection?.Dispose();
        return null;
    }

    /// <summary>Judges a connection that is about to be used again; null if it cannot be.</summary>
    private Http1Connection? StillOpen(Http1Connection? connection, Exchange exchange)
    {
        if (connection is null)
            return null;
        var state = connection.Look();
        if (state == IdleState.Open)
            return connection;

        if (state == IdleState.Closed && !exchange.MustBeOpen)
            Report.CountClosedWhileIdle();
        else
            Report.Fail(connection.Number, connection.Requests, $"use the idle connection for {exchange.Tried}", InWords(state));
        connection.Dispose();
        return null;
    }

    private static string InWords(IdleState state) => state switch
    {
        IdleState.Closed => "end of file before the first request",
        IdleState.Reset => "reset while idle",
        _ => "bytes came that nobody had asked for",
    };
}
