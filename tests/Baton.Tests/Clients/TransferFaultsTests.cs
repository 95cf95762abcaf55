using Baton.Tests.Backends;
using Xunit;

namespace Baton.Tests.Clients;

/// <summary>The faults that clients with long bodies must see.</summary>
public sealed class TransferFaultsTests
{
    private const int Length = 100_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SlowDownload_CutShort_IsAFailure(bool reset)
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
            await connection.WriteAsync(KnownBody.Pieces(Length).First());
            if (reset)
                connection.Reset();
        });

        var lost = await FaultyTraffic.LostAsync(new SlowDownloadClient(server.Port, bytes: Length));

        Assert.Contains(reset ? "reset after" : "end of file after", lost[0], StringComparison.Ordinal);
    }

    // Without its last chunk a body is cut, even if every byte of it came (RFC 9112, 8).
    [Fact]
    public async Task SlowDownloadInChunks_WithoutTheLastChunk_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            await connection.WriteAsync($"{Length:x}\r\n");
            foreach (var piece in KnownBody.Pieces(Length))
                await connection.WriteAsync(piece);
            await connection.WriteAsync("\r\n");
        });

        var lost = await FaultyTraffic.LostAsync(new SlowDownloadClient(server.Port, bytes: Length, chunked: true));

        Assert.Contains("end of file after", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task SlowDownload_OneByteChanged_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
            foreach (var piece in KnownBody.Pieces(Length, Length))
            {
                var changed = piece.ToArray();
                changed[Length / 2] ^= 1;
                await connection.WriteAsync(changed);
            }
        });

        var lost = await FaultyTraffic.LostAsync(new SlowDownloadClient(server.Port, bytes: Length));

        Assert.EndsWith($"instead of {KnownBody.Sha256(Length)}", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task SlowUpload_ResetInTheMiddle_IsAFailure()
    {
        // Far more than the buffers of both sockets take while nobody reads.
        const int Long = 16_000_000;
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadAsync(Length / 2);
            connection.Reset();
        });

        var lost = await FaultyTraffic.LostAsync(new SlowUploadClient(server.Port, bytes: Long, duration: TimeSpan.FromMilliseconds(200)));

        Assert.Matches("(connection reset|broken pipe) after \\d+ of 16000000 bytes were sent$", lost[0]);
    }

    [Fact]
    public async Task SlowUpload_BackendReceivedLess_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadAsync(Length);
            await connection.AnswerAsync($"{KnownBody.Sha256(Length - 1)} {Length - 1}");
        });

        var lost = await FaultyTraffic.LostAsync(new SlowUploadClient(server.Port, bytes: Length, duration: TimeSpan.FromMilliseconds(200)));

        Assert.Contains($"the backend received '{KnownBody.Sha256(Length - 1)} 99999'", lost[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 2 2 3")]
    [InlineData("1 3")]
    [InlineData("1 3 2")]
    public async Task EventStream_NotInOrder_IsAFailure(string numbers)
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.AnswerAsync(string.Concat(numbers.Split(' ').Select(number => $"id: {number}\ndata: event\n\n")));
        });

        var lost = await FaultyTraffic.LostAsync(new EventStreamClient(server.Port, events: 3));

        Assert.EndsWith($"events {numbers} came instead of 1 to 3", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventStream_CutAfterAnEvent_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nid: 1\n\n\r\n");
        });

        var lost = await FaultyTraffic.LostAsync(new EventStreamClient(server.Port, events: 3));

        Assert.Contains("end of file after", lost[0], StringComparison.Ordinal);
    }
}
