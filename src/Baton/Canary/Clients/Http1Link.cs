using System.Globalization;
using System.Text;

namespace Baton.Canary.Clients;

/// <summary>
/// A connection that speaks just enough HTTP/1.1, and hides nothing: an HTTP client would try again by itself when the server
/// closes the connection in its face.
/// </summary>
internal sealed class Http1Link(Stream stream) : IAsyncDisposable
{
    private const int LongestHead = 16 * 1024;
    private const int LongestBody = 64 * 1024;

    private readonly byte[] _buffer = new byte[LongestHead + LongestBody];
    private int _length;

    /// <summary>Whether the last answer has asked to close the connection; RFC 9112, 9.6.</summary>
    public bool IsClosing { get; private set; }

    public static async Task<Http1Link> OpenAsync(CanaryTarget target, CancellationToken cancellationToken) => new(await target.ConnectAsync(cancellationToken));

    public async Task SendAsync(string text, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>The body of the next answer.</summary>
    /// <exception cref="CanaryException">It is no 200, or it does not come.</exception>
    public async Task<string> ReceiveAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
            await FillAsync(cancellationToken);
        var head = Encoding.ASCII.GetString(_buffer, 0, end).Split("\r\n");
        Drop(end + 4);
        if (!head[0].StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
            throw new CanaryException($"answered with '{head[0]}'");

        IsClosing = Header(head, "Connection") == "close";
        if (!int.TryParse(Header(head, "Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > LongestBody)
            throw new CanaryException("answered without the length that a canary's answer has");
        while (_length < length)
            await FillAsync(cancellationToken);
        var body = Encoding.ASCII.GetString(_buffer, 0, length);
        Drop(length);
        return _length == 0 ? body : throw new CanaryException($"{_length} bytes followed the answer '{body}'");
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static string? Header(string[] head, string name) =>
        head.Skip(1).Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        if (_length == _buffer.Length)
            throw new CanaryException("answered with more than a canary's answer can be");
        var count = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
        if (count == 0)
            throw new CanaryException(_length == 0 ? "the connection was closed instead of an answer" : "the connection was closed within an answer");
        _length += count;
    }

    private void Drop(int count)
    {
        _length -= count;
        _buffer.AsSpan(count, _length).CopyTo(_buffer);
    }
}
