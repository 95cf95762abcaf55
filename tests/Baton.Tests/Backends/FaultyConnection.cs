using System.Net.Sockets;
using System.Text;

namespace Baton.Tests.Backends;

/// <summary>One connection of a <see cref="FaultyServer"/>; disposing it ends it with a FIN.</summary>
public sealed class FaultyConnection(Socket socket, int number, CancellationToken end) : IDisposable
{
    private string _unread = "";

    /// <summary>The number of the connection, from 1.</summary>
    public int Number => number;

    /// <summary>Reads to the blank line after a request's headers.</summary>
    /// <exception cref="EndOfStreamException">The client closed instead.</exception>
    public async Task<string> ReadHeadAsync()
    {
        var buffer = new byte[4096];
        int blank;
        while ((blank = _unread.IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            var read = await socket.ReceiveAsync(buffer, end);
            if (read == 0)
                throw new EndOfStreamException();
            _unread += Encoding.Latin1.GetString(buffer, 0, read);
        }
        var head = _unread[..(blank + 4)];
        _unread = _unread[(blank + 4)..];
        return head;
    }

    /// <summary>Reads exactly <paramref name="count"/> raw bytes.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        var have = Math.Min(count, _unread.Length);
        Encoding.Latin1.GetBytes(_unread.AsSpan(0, have), bytes);
        _unread = _unread[have..];
        while (have < count)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(have), end);
            if (read == 0)
                throw new EndOfStreamException();
            have += read;
        }
        return bytes;
    }

    /// <summary>Reads and drops everything until the client closes.</summary>
    public async Task ReadToEndAsync()
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, end) > 0)
        {
        }
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, end)..];
    }

    /// <summary>Sends a FIN and can still read.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>A whole response with a Content-Length.</summary>
    public Task AnswerAsync(string body, string headers = "") =>
        WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}");

    /// <summary>The value of the query's <c>id</c> in a request's head.</summary>
    public static string IdOf(string head)
    {
        var start = head.IndexOf("id=", StringComparison.Ordinal) + 3;
        return head[start..head.IndexOfAny([' ', '&'], start)];
    }

    /// <summary>Ends the connection with a RST.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();
}
