using System.Net.Sockets;
using System.Text;

namespace Baton.Admin;

/// <summary>
/// One question about health on an admin socket, in HTTP written by hand: it is asked every few seconds, by a process of its own
/// each time, and a client library would be most of what that process does.
/// </summary>
internal static class HealthQuestion
{
    /// <param name="socket">Where to ask.</param>
    /// <param name="path">Such as <c>/readyz</c>.</param>
    /// <param name="config">The configuration that the daemon must run with; null if any will do.</param>
    /// <param name="cancellationToken">The deadline.</param>
    /// <returns>Status code and text; 0 and the reason if there was no answer.</returns>
    public static async Task<(int Code, string Text)> AskAsync(string socket, string path, string? config, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
            var query = config is null ? "" : $"?{HealthAnswers.Configuration}={Uri.EscapeDataString(config)}";
            await connection.SendAsync(Encoding.ASCII.GetBytes($"GET {path}{query} HTTP/1.0\r\nHost: localhost\r\n\r\n"), cancellationToken);
            return Read(await ReceiveAsync(connection, cancellationToken));
        }
        catch (SocketException e)
        {
            return (0, AdminSearch.Reason(e));
        }
        catch (ArgumentOutOfRangeException)
        {
            return (0, AdminSearch.TooLong);
        }
    }

    private static async Task<string> ReceiveAsync(Socket connection, CancellationToken cancellationToken)
    {
        var bytes = new byte[8 * 1024]; // Many times as much as the answer has.
        var length = 0;
        while (length < bytes.Length && await connection.ReceiveAsync(bytes.AsMemory(length), cancellationToken) is > 0 and var count)
            length += count;
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    // RFC 9112, 4: "HTTP/1.1 200 OK". HTTP/1.0 was asked for, so the body ends with the connection and is not chunked.
    private static (int Code, string Text) Read(string answer)
    {
        var parts = answer.Split("\r\n\r\n", 2);
        return parts.Length == 2 && parts[0].Split(' ', 3) is [_, var text, ..] && int.TryParse(text, out var code)
            ? (code, parts[1].TrimEnd())
            : (0, "what answers is no daemon, or it broke off");
    }
}
