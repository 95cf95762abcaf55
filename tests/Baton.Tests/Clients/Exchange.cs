namespace Baton.Tests.Clients;

/// <summary>One request and what its answer must be.</summary>
public sealed class Exchange
{
    /// <summary>The method and target, for the report.</summary>
    public required string Tried { get; init; }

    public required Func<Http1Connection, CancellationToken, Task> SendAsync { get; init; }

    /// <summary>Reads the body of a 200 and returns what is wrong with it, or null.</summary>
    public required Func<Http1Connection, ResponseHead, CancellationToken, Task<string?>> ReceiveAsync { get; init; }

    /// <summary>Called when the request is sent in full.</summary>
    public Action? Sent { get; init; }

    /// <summary>Called when the head of the answer has come.</summary>
    public Action? Began { get; init; }

    /// <summary>A FIN on the connection before the request is sent is a failure, too.</summary>
    public bool MustBeOpen { get; init; }

    /// <summary>An answer that asks to close the connection is a failure, too.</summary>
    public bool MustStayOpen { get; init; }

    /// <summary>The time for the whole of it; null takes the client's.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>A GET whose answer must be <paramref name="expected"/>.</summary>
    public static Exchange Get(int port, string target, string expected, string headers = "", Action? sent = null, bool mustBeOpen = false, bool mustStayOpen = false) => new()
    {
        Tried = $"GET {target}",
        SendAsync = (connection, cancellationToken) =>
            connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n", cancellationToken),
        ReceiveAsync = async (connection, head, cancellationToken) =>
        {
            var body = await connection.Reader.ReadTextAsync(head, cancellationToken);
            return body == expected ? null : $"answered '{body}' instead of '{expected}'";
        },
        Sent = sent,
        MustBeOpen = mustBeOpen,
        MustStayOpen = mustStayOpen,
    };
}
