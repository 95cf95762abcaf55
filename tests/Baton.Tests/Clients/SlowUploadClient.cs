using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Baton.Tests.Backends;

namespace Baton.Tests.Clients;

/// <summary>
/// Uploads of a known body in small pieces over a given time, at least one a lane; the backend answers with what it
/// received, and that is compared.
/// </summary>
public sealed class SlowUploadClient(int port, int uploads = 1, long bytes = 4_000_000, TimeSpan? duration = null, bool chunked = false)
    : Http1Client(chunked ? "slow upload in chunks" : "slow upload", port, uploads)
{
    private const int PieceSize = 8 * 1024;
    private readonly TimeSpan _duration = duration ?? TimeSpan.FromSeconds(3);

    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        Http1Connection? connection = null;
        do
        {
            connection = await ExchangeAsync(connection, Upload(NextId(), cues), cancellationToken);
        }
        while (GoesOn(cues, cancellationToken));
        connection?.Dispose();
    }

    private Exchange Upload(string id, Cues cues)
    {
        var target = $"/upload?id={id}";
        var expected = string.Create(CultureInfo.InvariantCulture, $"{KnownBody.Sha256(bytes)} {bytes}");
        var framing = chunked ? "Transfer-Encoding: chunked" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes}");
        return new Exchange
        {
            Tried = $"POST {target}",
            SendAsync = async (connection, token) =>
            {
                await connection.SendAsync($"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\n{framing}\r\n\r\n", token);
                await SendBodyAsync(connection, cues, token);
            },
            ReceiveAsync = async (connection, head, token) =>
            {
                var body = await connection.Reader.ReadTextAsync(head, token);
                return body == expected ? null : $"the backend received '{body}' instead of '{expected}'";
            },
            Deadline = AnswerDeadline + (2 * _duration),
        };
    }

    private async Task SendBodyAsync(Http1Connection connection, Cues cues, CancellationToken cancellationToken)
    {
        var pace = new Pace((long)(bytes / _duration.TotalSeconds));
        var sent = 0L;
        try
        {
            foreach (var piece in KnownBody.Pieces(bytes, PieceSize))
            {
                await connection.SendAsync(chunked ? Chunk(piece) : piece, cancellationToken);
                sent += piece.Length;
                cues.Ready();
                await pace.KeepAsync(piece.Length, cancellationToken);
            }
            if (chunked)
                await connection.SendAsync("0\r\n\r\n", cancellationToken);
        }
        catch (SocketException e)
        {
            throw new ResponseLostException($"{ConnectionFault.InWords(e, CancellationToken.None)} after {sent} of {bytes} bytes were sent", e);
        }
    }

    private static ReadOnlyMemory<byte> Chunk(ReadOnlyMemory<byte> piece)
    {
        var size = Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        return (byte[])[.. size, .. piece.Span, (byte)'\r', (byte)'\n'];
    }
}
