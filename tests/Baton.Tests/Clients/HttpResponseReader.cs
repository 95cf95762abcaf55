using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Baton.Tests.Clients;

/// <summary>
/// Reads HTTP/1.1 responses (RFC 9112) from a socket, and says of one that is missing or cut how much of it came and how
/// it ended.
/// </summary>
public sealed class HttpResponseReader(Socket socket, int bufferSize = 16 * 1024)
{
    private readonly byte[] _buffer = new byte[bufferSize];
    private int _start;
    private int _end;
    private long _received;

    /// <summary>Bytes received and not yet read.</summary>
    public int Buffered => _end - _start;

    /// <summary>Reads the status line and the headers; interim responses (1xx but 101) are passed over.</summary>
    /// <exception cref="ResponseLostException">The connection ended instead, or what came is not HTTP/1.1.</exception>
    public async Task<ResponseHead> ReadHeadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _received = Buffered;
            var head = await ReadOneHeadAsync(cancellationToken);
            if (head.Status is 101 or >= 200)
                return head;
        }
    }

    /// <summary>Reads the body to its end, each piece into <paramref name="sink"/> before the next is received.</summary>
    /// <exception cref="ResponseLostException">It ended too early, or its chunks are malformed.</exception>
    public async Task ReadBodyAsync(
        ResponseHead head, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        if (head.Bodiless)
            return;
        if (head.Chunked)
            await ReadChunksAsync(sink, cancellationToken);
        else if (head.ContentLength is { } length)
            await CopyAsync(length, sink, cancellationToken);
        else
            throw new ResponseLostException($"'{head.StatusLine}' has neither Content-Length nor chunks, so that a cut could not be seen");
    }

    public async Task<string> ReadTextAsync(ResponseHead head, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        await ReadBodyAsync(
            head,
            (piece, _) =>
            {
                text.Append(Encoding.Latin1.GetString(piece.Span));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return text.ToString();
    }

    /// <summary>Reads exactly as much as <paramref name="bytes"/> holds; for what follows after an upgrade of the protocol.</summary>
    public async Task ReadExactlyAsync(Memory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Buffered == 0)
            _received = 0;
        await CopyAsync(
            bytes.Length,
            (piece, _) =>
            {
                piece.CopyTo(bytes);
                bytes = bytes[piece.Length..];
                return ValueTask.CompletedTask;
            },
            cancellationToken);
    }

    /// <summary>Reads what is there, or waits for something; 0 after the FIN. For what follows after an upgrade of the protocol.</summary>
    public async ValueTask<int> ReadSomeAsync(Memory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Buffered == 0)
            _end = await ReceiveAsync(cancellationToken);
        var count = Math.Min(Buffered, bytes.Length);
        _buffer.AsMemory(_start, count).CopyTo(bytes);
        _start += count;
        return count;
    }

    /// <summary>Reads everything up to the FIN: the body of a response without Content-Length and chunks (RFC 9112, 6.3).</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var piece = new byte[_buffer.Length];
        while (await ReadSomeAsync(piece, cancellationToken) is > 0 and var read)
            text.Append(Encoding.Latin1.GetString(piece, 0, read));
        return text.ToString();
    }

    /// <summary>Waits for the FIN after the last response.</summary>
    /// <exception cref="ResponseLostException">Something else came.</exception>
    public async Task ReadEndAsync(CancellationToken cancellationToken)
    {
        if (Buffered == 0)
        {
            var read = await ReceiveAsync(cancellationToken);
            if (read == 0)
                return;
            _end += read;
        }
        throw new ResponseLostException($"{Buffered} bytes came after the last response: {Show(_buffer.AsSpan(_start, Buffered))}");
    }

    private static string Show(ReadOnlySpan<byte> bytes) =>
        Encoding.Latin1.GetString(bytes[..Math.Min(60, bytes.Length)]).ReplaceLineEndings("⏎");

    private async Task<ResponseHead> ReadOneHeadAsync(CancellationToken cancellationToken)
    {
        var statusLine = await ReadLineAsync(cancellationToken);
        var parts = statusLine.Split(' ', 3);
        if (parts.Length < 2 || parts[0] != "HTTP/1.1" || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var status))
            throw new ResponseLostException($"'{Show(Encoding.Latin1.GetBytes(statusLine))}' came instead of a status line");

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(cancellationToken) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                throw new ResponseLostException($"'{line}' came instead of a header");
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            headers[name] = headers.TryGetValue(name, out var earlier) ? $"{earlier}, {value}" : value;
        }
        return new ResponseHead(status, statusLine, headers);
    }

    private async Task ReadChunksAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken);
            if (!long.TryParse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size))
                throw new ResponseLostException($"'{line}' came instead of the size of a chunk");
            if (size == 0)
                break;
            await CopyAsync(size, sink, cancellationToken);
            if (await ReadLineAsync(cancellationToken) is { Length: > 0 } excess)
                throw new ResponseLostException($"'{excess}' came instead of the end of a chunk");
        }
        while (await ReadLineAsync(cancellationToken) is { Length: > 0 })
        {
        }
    }

    private async Task CopyAsync(
        long count, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (Buffered == 0)
                await FillAsync(cancellationToken);
            var piece = _buffer.AsMemory(_start, (int)Math.Min(count, Buffered));
            _start += piece.Length;
            count -= piece.Length;
            await sink(piece, cancellationToken);
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = "";
        while (true)
        {
            var found = _buffer.AsSpan(_start, Buffered).IndexOf((byte)'\n');
            var length = found < 0 ? Buffered : found + 1;
            line += Encoding.Latin1.GetString(_buffer, _start, length);
            _start += length;
            if (found >= 0)
                return line[..^1].TrimEnd('\r');
            if (line.Length > 64 * 1024)
                throw new ResponseLostException("a line is longer than 64 KiB");
            await FillAsync(cancellationToken);
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        _start = _end = 0;
        _end = await ReceiveAsync(cancellationToken);
        if (_end == 0)
            throw new ResponseLostException(_received == 0 ? "end of file instead of an answer" : $"end of file after {_received} bytes of the answer");
        _received += _end;
    }

    private async Task<int> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Buffered == 0)
                _start = _end = 0;
            return await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            throw new ResponseLostException(_received == 0 ? "reset instead of an answer" : $"reset after {_received} bytes of the answer", e);
        }
    }
}
