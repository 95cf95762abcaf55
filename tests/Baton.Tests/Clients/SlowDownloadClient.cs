using System.Globalization;
using System.Security.Cryptography;
using Baton.Tests.Backends;

namespace Baton.Tests.Clients;

/// <summary>
/// Downloads of a known body by a slow reader with a small receive buffer, at least one a lane, compared by SHA-256; the
/// body is framed by Content-Length or in chunks.
/// </summary>
public sealed class SlowDownloadClient : Http1Client
{
    private readonly long _bytes;
    private readonly long _bytesPerSecond;
    private readonly bool _chunked;

    public SlowDownloadClient(int port, int downloads = 1, long bytes = 20_000_000, long bytesPerSecond = 4_000_000, bool chunked = false)
        : base(chunked ? "slow download in chunks" : "slow download", port, downloads)
    {
        _bytes = bytes;
        _bytesPerSecond = bytesPerSecond;
        _chunked = chunked;
        ReceiveBuffer = 32 * 1024;
    }

    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        Http1Connection? connection = null;
        do
        {
            connection = await ExchangeAsync(connection, Download(NextId(), cues), cancellationToken);
        }
        while (GoesOn(cues, cancellationToken));
        connection?.Dispose();
    }

    private Exchange Download(string id, Cues cues)
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"/bytes?n={_bytes}&chunked={(_chunked ? 1 : 0)}&id={id}");
        return new Exchange
        {
            Tried = $"GET {target}",
            SendAsync = (connection, token) => connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\n\r\n", token),
            Began = cues.Ready,
            ReceiveAsync = ReceiveAsync,
            Deadline = AnswerDeadline + TimeSpan.FromSeconds(2.0 * _bytes / _bytesPerSecond),
        };
    }

    private async Task<string?> ReceiveAsync(Http1Connection connection, ResponseHead head, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var pace = new Pace(_bytesPerSecond);
        var length = 0L;
        await connection.Reader.ReadBodyAsync(
            head,
            (piece, token) =>
            {
                hash.AppendData(piece.Span);
                length += piece.Length;
                return pace.KeepAsync(piece.Length, token);
            },
            cancellationToken);

        if (head.Chunked != _chunked)
            return $"the body is {(_chunked ? "not " : "")}framed in chunks";
        if (length != _bytes)
            return $"{length} bytes came instead of {_bytes}";
        var got = Convert.ToHexString(hash.GetHashAndReset());
        return got == KnownBody.Sha256(_bytes) ? null : $"the {length} bytes have the SHA-256 {got} instead of {KnownBody.Sha256(_bytes)}";
    }
}
