using System.Globalization;
using System.Text.RegularExpressions;
using Baton.Tests.Clients;
using Baton.Tests.Configuration;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>Connections that the successor cannot take go on in the predecessor, and are asked to close there.</summary>
public sealed partial class RefusedTests
{
    private const int Connections = 400;

    private readonly ClientReport _report = new("refused");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_successor_at_the_limit_of_its_server_takes_what_it_may_have()
    {
        var config = new ConfigBuilder().Listen().Baton("IdleLinger", "00:00:20").Baton("LeaveSpread", "00:00:00");
        await using var daemon = await DaemonProcess.StartAsync(config);
        var connections = await OpenAsync(daemon);
        config.Set("Kestrel:Limits:MaxConcurrentConnections", 50).WriteTo(daemon.ConfigFile);
        await daemon.UpgradeAsync();

        var closed = await AskAllAsync(connections);
        Assert.InRange(closed, 1, Connections - 1);
        connections.ForEach(connection => connection.Dispose());
        await daemon.WaitForOneProcessAsync();
        var moved = int.Parse(Moved().Match(await daemon.WaitForLogAsync("Upgrade completed")).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(moved, 1, 50);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_successor_without_descriptors_takes_what_it_has_room_for()
    {
        using var program = new InstalledProgram();
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().Baton("IdleLinger", "00:00:20").Baton("LeaveSpread", "00:00:00"), new DaemonStart { Command = [program.Command] });
        var connections = await OpenAsync(daemon);
        var own = OpenDescriptors.Links(daemon.FirstPid).Count() - Connections;
        // When it takes over it has not opened all assemblies yet, about a hundred of two hundred: more than that must be left over.
        program.PointToReleaseAfter($"ulimit -n {own + Connections / 4}");
        await daemon.UpgradeAsync();

        var closed = await AskAllAsync(connections);
        Assert.InRange(closed, 1, Connections - 1);
        connections.ForEach(connection => connection.Dispose());
        await daemon.WaitForOneProcessAsync();
        daemon.AssertNoUnexpectedWarnings("Accepting on");
    }

    private async Task<List<Http1Connection>> OpenAsync(DaemonProcess daemon)
    {
        var connections = new List<Http1Connection>();
        for (var number = 0; number < Connections; number++)
        {
            connections.Add(await Http1Connection.OpenAsync(daemon.Port, _report, null, Token));
            Assert.False(await AskAsync(connections[^1]));
        }

        return connections;
    }

    /// <summary>Asks on each, until some are asked to close: before it is refused, one is to move. Every one is answered. Returns how many were.</summary>
    private static async Task<int> AskAllAsync(List<Http1Connection> connections)
    {
        var closed = 0;
        await Eventually.Holds(
            async () =>
            {
                foreach (var connection in connections)
                    closed += await AskAsync(connection) ? 1 : 0;
                return closed > 0;
            },
            "some are asked to close");
        return closed;
    }

    private static async Task<bool> AskAsync(Http1Connection connection)
    {
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Token);
        var head = await connection.Reader.ReadHeadAsync(Token);
        Assert.Equal(200, head.Status);
        await connection.Reader.ReadTextAsync(head, Token);
        return head.Closes;
    }

    [GeneratedRegex(@"(\d+) moved")]
    private static partial Regex Moved();
}
