using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>Upgraded connections move with both their sockets: every byte arrives once and in order, whoever carries it.</summary>
public sealed class TunnelTests
{
    private const int Upgrades = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_full_load_every_byte_arrives_in_both_directions_over_ten_upgrades()
    {
        await using var scene = await TunnelScene.StartAsync(sends: true);
        for (var number = 0; number < 2; number++)
            await scene.OpenAsync();
        for (var upgrade = 0; upgrade < Upgrades; upgrade++)
        {
            await scene.WaitForProgressAsync(1_000_000);
            await scene.MoveAsync();
        }

        await scene.WaitForProgressAsync(1_000_000);
        await scene.AssertEverythingArrivesAsync();
    }

    [Fact]
    public async Task What_waits_for_readers_that_stand_still_arrives_when_they_go_on()
    {
        await using var scene = await TunnelScene.StartAsync(sends: true);
        for (var number = 0; number < 2; number++)
            await scene.OpenAsync();
        await scene.WaitForProgressAsync(1_000_000);
        scene.StopReading();
        await scene.WaitForStandstillAsync();
        for (var upgrade = 0; upgrade < 3; upgrade++)
            await scene.MoveAsync();

        scene.GoOnReading();
        await scene.WaitForProgressAsync(1_000_000);
        await scene.AssertEverythingArrivesAsync();
    }

    // A server may take the FIN for the end of the client: so first without an upgrade.
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_client_that_has_ended_its_side_still_gets_what_the_server_sends(int upgrades)
    {
        await using var scene = await TunnelScene.StartAsync(sends: true);
        var tunnel = await scene.OpenAsync();
        var server = scene.Server.EndOf(tunnel.Id);
        await scene.WaitForProgressAsync(1_000_000);
        server.MayEnd = true;
        await tunnel.EndSendingAsync(Token);
        await scene.WaitAsync(() => server.SawEnd, "pass the client's end on");
        for (var upgrade = 0; upgrade < upgrades; upgrade++)
        {
            await scene.MoveAsync();
            var had = tunnel.End.Received;
            await scene.WaitAsync(() => tunnel.End.Received > had + 1_000_000, "carry on what the server sends");
        }

        Assert.Equal(tunnel.End.Sent, server.Received);
        tunnel.End.MayEnd = true;
        await scene.Server.CloseAsync(tunnel.Id, Token);
        await scene.WaitAsync(() => tunnel.End.SawEnd, "pass the server's end on");
        Assert.Equal(server.Sent, tunnel.End.Received);
        scene.AssertNoFault();
    }

    [Fact]
    public async Task What_was_idle_all_the_time_works_at_the_end()
    {
        await using var scene = await TunnelScene.StartAsync(sends: false);
        for (var number = 0; number < 20; number++)
            await scene.OpenAsync();
        for (var upgrade = 0; upgrade < Upgrades; upgrade++)
            await scene.MoveAsync();

        scene.Send();
        await scene.WaitForProgressAsync(100_000);
        await scene.AssertEverythingArrivesAsync();
    }

    [Fact]
    public async Task When_both_ends_have_closed_nothing_is_left_open()
    {
        await using var scene = await TunnelScene.StartAsync(sends: false);
        var tunnels = new List<RawTunnel>();
        for (var number = 0; number < 20; number++)
            tunnels.Add(await scene.OpenAsync());
        await scene.MoveAsync();
        var second = OpenDescriptors.Of(scene.Daemon.Current.Pid);
        for (var upgrade = 0; upgrade < 2; upgrade++)
            await scene.MoveAsync();
        var last = scene.Daemon.Current.Pid;
        Assert.Equal(2 * tunnels.Count, OpenDescriptors.TcpConnections(last));

        // Half of them from the client's side first, half from the server's.
        for (var number = 0; number < tunnels.Count; number++)
        {
            tunnels[number].End.MayEnd = scene.Server.EndOf(tunnels[number].Id).MayEnd = true;
            if (number % 2 == 0)
                await tunnels[number].EndSendingAsync(Token);
            await scene.Server.CloseAsync(tunnels[number].Id, Token);
            await scene.WaitAsync(() => tunnels[number].End.SawEnd, "pass the end on");
            await tunnels[number].DisposeAsync();
        }
        await scene.WaitAsync(() => OpenDescriptors.TcpConnections(last) == 0, "close the sockets of all tunnels");
        IReadOnlyList<string> more = [];
        await scene.WaitAsync(() => (more = OpenDescriptors.More(OpenDescriptors.Of(last), second)).Count == 0, "hold no more open than generation 2");
        Assert.Empty(more);
        scene.AssertNoFault();
    }

    [Fact]
    public async Task WebSockets_at_full_load_lose_and_double_no_frame()
    {
        await using var scene = await MoveScene.StartAsync();
        await using var traffic = new Traffic(TimeSpan.FromMinutes(1), scene.Backend).Add(new WebSocketConversationClient(scene.Daemon.Port, 4, pauseMilliseconds: 0));
        await traffic.StartAsync(Token);
        for (var upgrade = 0; upgrade < 5; upgrade++)
        {
            await scene.MoveAsync(traffic);
            await traffic.WaitForAnswersAsync(1000, cancellationToken: Token);
        }

        await traffic.StopAsync(Token);
        TestContext.Current.SendDiagnosticMessage(traffic.Summary());
        traffic.AssertNothingLost();
        Assert.Equal(4, traffic.Reports[0].Connections);
        scene.Daemon.AssertNoUnexpectedWarnings();
    }
}
