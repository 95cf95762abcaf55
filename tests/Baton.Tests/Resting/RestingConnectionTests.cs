using Baton.Tests.Admin;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Baton.Tests.Moving;
using Xunit;

namespace Baton.Tests.Resting;

/// <summary>Connections that have been idle for five seconds, and that the server knows nothing of until their client sends.</summary>
public sealed class RestingConnectionTests
{
    private const string OutOfServer = "leaves the server until";

    private static readonly TimeSpan LongerThanUntilRest = TimeSpan.FromSeconds(8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_next_request_is_answered_whenever_it_comes()
    {
        await using var scene = await StartAsync();
        var connection = await RestAsync(scene);
        Assert.Equal(1, await IdleAsync(scene));

        await scene.AskAsync(connection);
        await scene.AskAsync(connection);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task One_whose_request_is_half_sent_stays_in_the_server()
    {
        await using var scene = await StartAsync();
        var connection = await scene.ConnectAsync();
        await scene.AskAsync(connection);
        await connection.SendAsync("GET /echo?id=half HTTP/1.1\r\nHo", Token);
        await RestAsync(scene);

        await connection.SendAsync("st: x\r\n\r\n", Token);
        await MoveScene.ExpectAsync(connection, "half");
    }

    [Fact]
    public async Task Requests_at_the_moment_at_which_it_leaves_the_server_are_answered_once()
    {
        const int Connections = 400;
        const int Rounds = 3;
        await using var scene = await StartAsync();
        var connections = new List<Http1Connection>();
        for (var number = 0; number < Connections; number++)
            connections.Add(await scene.ConnectAsync());
        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(connections.Select(scene.AskAsync));
            // The sweep comes once a second, and takes one after the other.
            await Task.WhenAll(connections.Select(async (connection, number) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(4900 + number * 1500.0 / Connections), Token);
                await scene.AskAsync(connection);
            }));
        }

        Assert.True(Rested(scene) > Connections / 4);
        Assert.All(scene.Backend.Received, request => Assert.Equal(1, request.Value));
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task It_moves_to_the_new_generation_and_rests_on_there()
    {
        await using var scene = await StartAsync();
        var connection = await RestAsync(scene);
        await scene.MoveAsync();
        await scene.MoveAsync();

        Assert.Equal(1, await IdleAsync(scene));
        await scene.AskAsync(connection);
        await scene.Daemon.WaitAsync(() => Rested(scene) >= 3, "let it rest in each generation");
        Assert.Equal(3, Rested(scene)); // At once.
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task The_keep_alive_timeout_counts_from_its_last_request_over_upgrades_too()
    {
        await using var scene = await StartAsync(config => config.Set("Kestrel:Limits:KeepAliveTimeout", "00:00:12"));
        var connection = await RestAsync(scene);
        await scene.MoveAsync();

        await connection.Reader.ReadEndAsync(Token);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_stop_closes_it()
    {
        await using var scene = await StartAsync();
        var connection = await RestAsync(scene);

        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGTERM);

        await connection.Reader.ReadEndAsync(Token);
        Assert.Equal(0, await scene.Daemon.FirstExitCodeAsync());
    }

    [Fact]
    public async Task When_its_listener_is_gone_the_old_generation_goes_on_with_it_and_asks_it_to_close()
    {
        await using var scene = await StartAsync(config => config.Baton("IdleLinger", "00:00:10").Baton("LeaveSpread", "00:00:00"));
        var connection = await RestAsync(scene);
        var predecessor = scene.Daemon.Current;
        new ConfigBuilder().Listen("http://127.0.0.2:0").ForwardTo(scene.Backend.Address).WriteTo(scene.Daemon.ConfigFile);
        await scene.Daemon.UpgradeAsync();

        ResponseHead head;
        do
        {
            await connection.SendAsync("GET /echo?id=last HTTP/1.1\r\nHost: x\r\n\r\n", Token);
            head = await connection.Reader.ReadHeadAsync(Token);
            Assert.Equal("last", await connection.Reader.ReadTextAsync(head, Token));
        }
        while (!head.Closes);

        await scene.WaitForExitAsync(predecessor);
    }

    [Fact]
    public async Task A_limit_of_connections_counts_it()
    {
        await using var scene = await StartAsync(config => config.Set("Kestrel:Limits:MaxConcurrentConnections", 1));
        var connection = await scene.ConnectAsync();
        await scene.AskAsync(connection);
        await Task.Delay(LongerThanUntilRest, Token);

        var second = await scene.ConnectAsync();
        await second.Reader.ReadEndAsync(Token);
        await scene.AskAsync(connection);
    }

    private static Task<MoveScene> StartAsync(Action<ConfigBuilder>? configure = null) => MoveScene.StartAsync(config =>
    {
        config.Set("Serilog:MinimumLevel:Override:Baton.Handover.Transport.ConnectionTable", "Debug");
        configure?.Invoke(config);
    });

    private static async Task<int> IdleAsync(MoveScene scene)
    {
        using var admin = new AdminRequests(scene.Daemon.AdminSocket);
        return (await admin.StatusAsync(Token)).GetProperty("generations")[0].GetProperty("open").GetProperty("idle").GetInt32();
    }

    private static int Rested(MoveScene scene) => scene.Daemon.Log.Lines.Count(line => line.Contains(OutOfServer, StringComparison.Ordinal));

    private static async Task<Http1Connection> RestAsync(MoveScene scene)
    {
        var connection = await scene.ConnectAsync();
        await scene.AskAsync(connection);
        await scene.Daemon.WaitForLogAsync(OutOfServer);
        return connection;
    }
}
