using Baton.Tests.Backends;
using Xunit;

namespace Baton.Tests.Clients;

/// <summary>The faults that the HTTP/2 client must see, and the gentle end that it must tell from them.</summary>
public sealed class Http2FaultsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Http2_ClosedWithAStreamOpen_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await ReadStreamAsync(connection);
        });

        var lost = await FaultyTraffic.LostAsync(new Http2Client(server.Port, streams: 1));

        Assert.EndsWith("before the answer (no GOAWAY)", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http2_StreamReset_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            var stream = await ReadStreamAsync(connection);
            await connection.WriteAsync(new Http2Frame(Http2FrameType.ResetStream, 0, stream, [0, 0, 0, 2]).ToBytes());
        });

        var lost = await FaultyTraffic.LostAsync(new Http2Client(server.Port, streams: 1));

        Assert.EndsWith("RST_STREAM with code 2", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http2_StreamOpenedBeforeTheGoAwayAndNotAnswered_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await ReadStreamAsync(connection);
            await GoAwayAsync(connection, 0);
        });

        var lost = await FaultyTraffic.LostAsync(new Http2Client(server.Port, streams: 1));

        Assert.EndsWith("refused by a GOAWAY with code 0 for streams up to 0", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http2_ResetAfterTheGoAway_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            var stream = await ReadStreamAsync(connection);
            await GoAwayAsync(connection, int.MaxValue);
            await AnswerWith404Async(connection, stream);
            connection.Reset();
        });
        var client = new Http2Client(server.Port, streams: 1);

        await FaultyTraffic.LostAsync(client);

        Assert.Contains(client.Report.Failures, failure => failure is { Tried: "end the connection after GOAWAY with code 0", Happened: "connection reset" });
    }

    [Fact]
    public async Task Http2_AnotherStatus_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await AnswerWith404Async(connection, await ReadStreamAsync(connection));
        });

        var lost = await FaultyTraffic.LostAsync(new Http2Client(server.Port, streams: 1));

        Assert.EndsWith("answered with status 404", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http2_NeverEndedAfterTheGoAway_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            var stream = await ReadStreamAsync(connection);
            await GoAwayAsync(connection, int.MaxValue);
            await AnswerWith404Async(connection, stream);
            await connection.ReadToEndAsync();
        });
        var client = new Http2Client(server.Port, streams: 1) { EndDeadline = TimeSpan.FromMilliseconds(300) };

        await FaultyTraffic.LostAsync(client);

        Assert.Contains(client.Report.Failures, failure => failure is { Tried: "see the connection end", Happened: "no answer within the deadline" });
    }

    [Fact]
    public async Task Http2_RefusedByTheGoAway_IsOnlyCountedIfTheTestSaysSo()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await ReadStreamAsync(connection);
            await GoAwayAsync(connection, 0);
        });
        var client = new Http2Client(server.Port, streams: 1) { RefusalIsFailure = false };
        await using var traffic = new Traffic(TimeSpan.FromSeconds(10)).Add(client);

        await traffic.StartAsync(Token);
        await traffic.StopAsync(Token);

        Assert.DoesNotContain(client.Report.Failures, failure => failure.Happened.StartsWith("refused", StringComparison.Ordinal));
        Assert.True(client.Report.Refused > 0);
    }

    // The raw client against a real peer: it obeys Kestrel's GOAWAY and loses nothing.
    [Fact]
    public async Task Http2_AskedByKestrelToGoAway_OpensANewConnectionAndLosesNothing()
    {
        await using var server = await Http2Server.StartAsync(goesAwayAt: 50, Token);
        var client = new Http2Client(server.Port);
        await using var traffic = new Traffic(TimeSpan.FromSeconds(10)).Add(client);

        await traffic.StartAsync(Token);
        await traffic.WaitForAnswersAsync(100, cancellationToken: Token);
        await traffic.StopAsync(Token);

        traffic.AssertNothingLost();
        Assert.Equal(1, client.Report.AskedToClose);
        Assert.Equal(2, client.Report.Connections);
        Assert.Equal(1, client.Report.Ends["GOAWAY with code 0, then FIN"]);
    }

    /// <summary>Reads the preface and frames until a stream is open; returns its number.</summary>
    private static async Task<int> ReadStreamAsync(FaultyConnection connection)
    {
        await connection.ReadAsync(Http2Frame.Preface.Length);
        while (true)
        {
            var (type, _, stream, length) = Http2Frame.ParseHeader(await connection.ReadAsync(Http2Frame.HeaderSize));
            await connection.ReadAsync(length);
            if (type == Http2FrameType.Headers)
                return stream;
        }
    }

    private static Task GoAwayAsync(FaultyConnection connection, int last) => connection.WriteAsync(new Http2Frame(
        Http2FrameType.GoAway, 0, 0, [(byte)(last >> 24), (byte)(last >> 16), (byte)(last >> 8), (byte)last, 0, 0, 0, 0]).ToBytes());

    // 0x8d is :status 404 in the static table (RFC 7541, appendix A); the flags are END_STREAM and END_HEADERS.
    private static Task AnswerWith404Async(FaultyConnection connection, int stream) =>
        connection.WriteAsync(new Http2Frame(Http2FrameType.Headers, 0x5, stream, [0x8d]).ToBytes());
}
