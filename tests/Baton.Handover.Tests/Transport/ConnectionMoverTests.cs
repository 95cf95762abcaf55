using System.Net;
using System.Net.Sockets;
using Baton.Handover.Hosting;
using Baton.Handover.Processes;
using Baton.Handover.Tests.Upgrades;
using Baton.Handover.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Baton.Handover.Tests.Transport;

/// <summary>In which order connections leave for a successor, which never answers here: what is on its way stays so.</summary>
[Collection("One after the other")] // As SocketReceiverTests.
public sealed class ConnectionMoverTests : IAsyncLifetime
{
    private const int Connections = 6;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly ManualClock _clock = new();
    private readonly FakeSuccessor _successor = new(2);
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Socket> _clients = [];
    private TimeSpan _took;
    private WebApplication _app = null!;
    private ConnectionMover _mover = null!;
    private Passage _passage = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ConnectionTable Table => _app.Services.GetRequiredService<ConnectionTable>();

    public async ValueTask InitializeAsync()
    {
        _app = await TransportApp.StartAsync(context => TransportApp.AnswerAsync(context, took: _took));
        var address = TransportApp.Accept(_app);
        for (var i = 0; i < Connections; i++)
        {
            var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            _clients.Add(client);
            await client.ConnectAsync(address, Token);
            await AskAsync(client);
        }

        await TransportApp.WaitAsync(() => Table.Connections.All(connection => connection.ActiveRequests == 0), "all to be idle");
        _mover = new ConnectionMover(Table, _clock);
        _passage = new Passage(_successor, [ChannelMessage.Connections]);
    }

    public async ValueTask DisposeAsync()
    {
        _passage.Close();
        await _ended.CancelAsync();
        _ended.Dispose();
        _clients.ForEach(client => client.Dispose());
        _successor.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task One_connection_leaves_at_first_then_four_then_all()
    {
        _ = _mover.RunAsync(_passage, TimeSpan.FromSeconds(30), _ended.Token);
        Assert.Equal(1, _mover.InTransit);

        _clock.Advance(Step);
        await TransportApp.WaitAsync(() => _mover.InTransit == 4, "four to be on their way");
        _clock.Advance(Step);
        await TransportApp.WaitAsync(() => _mover.InTransit == Connections, "all to be on their way");
    }

    [Fact]
    public async Task Meanwhile_a_client_is_answered_here_and_one_whose_requests_take_long_leaves()
    {
        _ = _mover.RunAsync(_passage, TimeSpan.FromSeconds(30), _ended.Token);
        await TransportApp.WaitAsync(() => Table.Count == Connections - 1, "the first to have left");
        var port = ((IPEndPoint)Table.Connections.First().RemoteEndPoint!).Port;
        var here = _clients.Single(client => ((IPEndPoint)client.LocalEndPoint!).Port == port);

        await AskAsync(here);
        await AskAsync(here);
        Assert.Equal(1, _mover.InTransit);

        _took = TimeSpan.FromMilliseconds(160);
        await AskAsync(here);
        await TransportApp.WaitAsync(() => _mover.InTransit == 2, "the slow one to be on its way");
    }

    [Fact]
    public async Task Those_that_rest_leave_when_nobody_else_has_to_wait()
    {
        foreach (var connection in Table.Connections.Skip(1).ToList())
            Assert.True(await Table.TryRestAsync(connection));
        _ = _mover.RunAsync(_passage, TimeSpan.FromSeconds(30), _ended.Token);
        await TransportApp.WaitAsync(() => !Table.Connections.Any(), "the one that does not rest to have left");

        for (var step = 1; step < 8; step++)
        {
            _clock.Advance(Step);
            Assert.Equal(1, _mover.InTransit);
        }

        _clock.Advance(Step);
        await TransportApp.WaitAsync(() => _mover.InTransit == Connections, "all to be on their way");
    }

    private static async Task AskAsync(Socket client)
    {
        await TransportApp.SendRequestAsync(client);
        await TransportApp.ExpectAnswerAsync(client);
    }
}
