using Baton.Tests.Backends;
using Baton.Tests.Configuration;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Clients;

/// <summary>The faults that clients with short requests must see: one that is never red proves nothing.</summary>
public sealed class RequestFaultsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KeepAlive_ClosedInsteadOfAnAnswer_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.AnswerAsync(FaultyConnection.IdOf(await connection.ReadHeadAsync()));
            await connection.ReadHeadAsync();
        });

        var lost = await FaultyTraffic.LostAsync(new KeepAliveClient(server.Port));

        Assert.Contains("connection 1, request 2: GET /echo?id=", lost[0], StringComparison.Ordinal);
        Assert.EndsWith("end of file instead of an answer", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepAliveWithPauses_ResetInsteadOfAnAnswer_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            connection.Reset();
        });

        var lost = await FaultyTraffic.LostAsync(new KeepAliveClient(server.Port, longestPauseMilliseconds: 5));

        Assert.EndsWith("reset instead of an answer", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepAlive_AnswerOfAnotherRequest_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.AnswerAsync("another");
        });

        var lost = await FaultyTraffic.LostAsync(new KeepAliveClient(server.Port));

        Assert.Contains("answered 'another' instead of 'keep-alive-", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepAlive_AnsweredWith502_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        });

        var lost = await FaultyTraffic.LostAsync(new KeepAliveClient(server.Port));

        Assert.EndsWith("answered 'HTTP/1.1 502 Bad Gateway'", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepAlive_AnswerCutShort_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
        });

        var lost = await FaultyTraffic.LostAsync(new KeepAliveClient(server.Port));

        Assert.EndsWith("end of file after 50 bytes of the answer", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepAlive_AskedToClose_OpensANewConnectionAndCountsIt()
    {
        await using var server = new FaultyServer(async connection =>
            await connection.AnswerAsync(FaultyConnection.IdOf(await connection.ReadHeadAsync()), "Connection: close\r\n"));
        await using var traffic = new Traffic(TimeSpan.FromSeconds(10)).Add(new KeepAliveClient(server.Port));

        await traffic.StartAsync(Token);
        await traffic.WaitForAnswersAsync(3, cancellationToken: Token);
        await traffic.StopAsync(Token);

        traffic.AssertNothingLost();
        Assert.Equal(traffic.Reports[0].Answered, traffic.Reports[0].AskedToClose);
        Assert.Equal(traffic.Reports[0].Answered, traffic.Reports[0].Connections);
    }

    [Fact]
    public async Task ConnectionPerRequest_Refused_IsAFailure()
    {
        var server = new FaultyServer(_ => Task.CompletedTask);
        var port = server.Port;
        await server.DisposeAsync();

        var lost = await FaultyTraffic.LostAsync(new ConnectionPerRequestClient(port));

        Assert.EndsWith("connection refused", lost[0], StringComparison.Ordinal);
    }

    // What an inherited SO_LINGER {on, 0} does even to short answers.
    [Fact]
    public async Task ConnectionPerRequest_ResetAfterTheAnswer_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.AnswerAsync(FaultyConnection.IdOf(await connection.ReadHeadAsync()), "Connection: close\r\n");
            connection.Reset();
        });

        var lost = await FaultyTraffic.LostAsync(new ConnectionPerRequestClient(server.Port));

        Assert.Contains("reset", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task IdleAcross_ResetWhileIdle_IsAFailure()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.AnswerAsync(FaultyConnection.IdOf(await connection.ReadHeadAsync()));
            await connection.ReadHeadAsync();
            connection.Reset();
        });

        var lost = await FaultyTraffic.LostAsync(new IdleAcrossClient(server.Port, 2));

        Assert.EndsWith("reset instead of an answer", lost[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 2, 4)]
    [InlineData(false, 0, 2)]
    public async Task IdleAcross_ClosedWhileIdle_IsCountedAndReopenedOnlyIfAllowed(bool reopens, int more, int connections)
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.AnswerAsync(FaultyConnection.IdOf(await connection.ReadHeadAsync()));
            if (connection.Number > 2)
                await connection.ReadToEndAsync();
        });
        await using var traffic = new Traffic(TimeSpan.FromSeconds(10)).Add(new IdleAcrossClient(server.Port, 2, reopens));

        await traffic.StartAsync(Token);
        await Eventually.Holds(() => OpenDescriptors.EndedByServer(server.Port) == 2, "both are closed");
        await traffic.SpeakAsync(Token);
        await traffic.StopAsync(Token);

        traffic.AssertNothingLost();
        Assert.Equal(2, traffic.Reports[0].ClosedWhileIdle);
        Assert.Equal(2 + more, traffic.Reports[0].Answered);
        Assert.Equal(connections, traffic.Reports[0].Connections);
    }

    [Fact]
    public async Task FreshAcross_ClosedBeforeTheFirstByte_IsAFailure()
    {
        await using var server = new FaultyServer(_ => Task.CompletedTask);
        await using var traffic = new Traffic(TimeSpan.FromSeconds(10)).Add(new FreshAcrossClient(server.Port, 1));

        await traffic.StartAsync(Token);
        await Eventually.Holds(() => OpenDescriptors.EndedByServer(server.Port) == 1, "it is closed");
        await traffic.SpeakAsync(Token);
        await traffic.StopAsync(Token);

        Assert.Contains("end of file before the first request", traffic.Lost()[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task InFlight_ClosedInsteadOfAnAnswer_IsAFailure()
    {
        await using var server = new FaultyServer(connection => connection.ReadHeadAsync());

        var lost = await FaultyTraffic.LostAsync(new InFlightClient(server.Port, 3));

        Assert.Contains("GET /slow?ms=3000&id=", lost[0], StringComparison.Ordinal);
        Assert.EndsWith("end of file instead of an answer", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task InFlight_NoAnswer_IsAFailureAfterTheDeadline()
    {
        await using var server = new FaultyServer(connection => connection.ReadToEndAsync());

        var lost = await FaultyTraffic.LostAsync(new InFlightClient(server.Port, 1) { AnswerDeadline = TimeSpan.FromMilliseconds(100) });

        Assert.EndsWith("no answer within the deadline", lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyClient_RequestReceivedTwice_IsAFailure()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var doubling = new FaultyServer(async connection =>
        {
            while (true)
            {
                var head = await connection.ReadHeadAsync();
                var id = FaultyConnection.IdOf(head);
                for (var time = 0; time < 2; time++)
                {
                    using var relay = await Http1Connection.OpenAsync(backend.Port, new ClientReport("relay"), null, Token);
                    await relay.SendAsync(head, Token);
                    await relay.Reader.ReadHeadAsync(Token);
                }
                await connection.AnswerAsync(id);
            }
        });

        var lost = await FaultyTraffic.LostAsync(new KeepAliveClient(doubling.Port), backend);

        Assert.Matches("^request keep-alive-.* was received 2 times$", lost[0]);
    }

    [Fact]
    public async Task AnyClient_NothingAnswered_ProvesNothing()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var traffic = new Traffic(TimeSpan.FromSeconds(10), backend).Add(new FreshAcrossClient(backend.Port, 1));

        await traffic.StartAsync(Token);
        await traffic.StopAsync(Token);

        Assert.Contains("proves nothing", Assert.Single(traffic.Lost()), StringComparison.Ordinal);
    }
}
