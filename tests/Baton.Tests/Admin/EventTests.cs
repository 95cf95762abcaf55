using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary>The stream of events over upgrades: it ends for none of them to wait, and who asks again has missed nothing.</summary>
public sealed class EventTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_sees_every_step_and_every_report_once_over_three_upgrades()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        await UntilServingAsync(daemon);
        using var events = new EventStream(daemon.AdminSocket);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(Patience);
        var seen = new List<(string Name, string? Id, JsonElement Data)>();

        await foreach (var one in events.ReadAsync(deadline.Token))
        {
            seen.Add(one);
            var reports = seen.Count(seen => seen.Data.TryGetProperty("report", out _));
            if (reports == 3)
                break;
            // The first event of a stream; and of an upgrade, the report.
            if (seen.Count == 1 || one.Data.TryGetProperty("report", out _))
                daemon.Signal(daemon.Current.Pid, Signo.SIGHUP);
        }

        Assert.Equal("250", events.Retry);
        Assert.Equal(["state", "end", "state", "end", "state", "end", "state"], seen.Where(one => one.Name != "phase").Select(one => one.Name));
        Assert.Equal(4, events.Opened);
        var phases = seen.Where(one => one.Name == "phase").ToList();
        Assert.Equal(phases.Count, phases.Select(one => one.Id).Distinct().Count());
        string[] steps = ["1 Launching", "1 Probation", "2 Serving", "2 Launching", "2 Probation", "3 Serving", "3 Launching", "3 Probation", "4 Serving"];
        Assert.Equal(steps, phases.Select(one => $"{one.Data.GetProperty("generation")} {one.Data.GetProperty("phase")}").Distinct());
        Assert.Equal(
            [(1, 2), (2, 3), (3, 4)],
            phases.Where(one => one.Data.TryGetProperty("report", out _)).Select(one => one.Data.GetProperty("report")).Select(report => (report.GetProperty("from").GetInt32(), report.GetProperty("to").GetInt32())));
        Assert.All(seen.Where(one => one.Name == "end"), one => Assert.True(one.Data.TryGetProperty("successorPid", out _)));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task Who_was_away_for_two_upgrades_gets_what_was_missed()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        await UntilServingAsync(daemon);
        using var events = new EventStream(daemon.AdminSocket);
        await foreach (var one in events.ReadOneAsync(Token))
        {
            Assert.Equal(("state", "Serving"), (one.Name, one.Data.GetProperty("phase").GetString()));
            break;
        }

        for (var upgrade = 0; upgrade < 2; upgrade++)
        {
            await daemon.UpgradeAsync();
            await daemon.WaitForOneProcessAsync();
        }

        var reports = new List<int>();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(Patience);
        await foreach (var (_, _, data) in events.ReadOneAsync(deadline.Token))
        {
            if (data.TryGetProperty("report", out var report))
                reports.Add(report.GetProperty("to").GetInt32());
            if (reports.Count == 2)
                break;
        }

        Assert.Equal([2, 3], reports);
    }

    [Fact]
    public async Task Draining_is_an_event_too_and_one_that_ends_says_so()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        await UntilServingAsync(daemon);
        using var admin = new AdminRequests(daemon.AdminSocket);
        using var events = new EventStream(daemon.AdminSocket);
        var seen = new List<string>();
        await foreach (var (name, _, data) in events.ReadOneAsync(Token))
        {
            seen.Add($"{name} {data.GetProperty("phase")} {data.GetProperty("isDraining")}");
            if (seen.Count == 1)
                await admin.SendAsync(HttpMethod.Post, "/drain", Token);
            else if (name == "phase" && data.GetProperty("phase").GetString() == "Serving")
                daemon.Signal(daemon.Current.Pid, Signo.SIGTERM);
        }

        Assert.Equal(["state Serving False", "phase Serving True", "phase Stopping True", "end Stopping True"], seen);
    }

    [Fact]
    public async Task Streams_are_bounded_and_those_that_nobody_reads_hold_up_no_upgrade()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        using var admin = new AdminRequests(daemon.AdminSocket);
        var clients = new List<Socket>();
        for (var stream = 0; stream < 16; stream++)
        {
            var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            clients.Add(client);
            await client.ConnectAsync(new UnixDomainSocketEndPoint(daemon.AdminSocket), Token);
            await client.SendAsync(Encoding.ASCII.GetBytes("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"), Token);
            await client.ReceiveAsync(new byte[1], SocketFlags.Peek, Token);
        }

        Assert.Equal(503, (await admin.SendAsync(HttpMethod.Get, "/events", Token)).Code);
        await daemon.UpgradeAsync();
        await daemon.WaitForOneProcessAsync(TimeSpan.FromSeconds(20)); // The drain has 60.
        clients.ForEach(client => client.Dispose());

        using var events = new EventStream(daemon.AdminSocket);
        await foreach (var (name, _, _) in events.ReadOneAsync(Token))
        {
            Assert.Equal("state", name);
            break;
        }

        daemon.AssertNoUnexpectedWarnings();
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("DrainTimeout", "00:01:00").Baton("IdleLinger", "00:00:00.200");

    // It says in the log that it is ready before its phase is the next.
    private static async Task UntilServingAsync(DaemonProcess daemon)
    {
        using var events = new EventStream(daemon.AdminSocket);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(Patience);
        await foreach (var (_, _, data) in events.ReadOneAsync(deadline.Token))
        {
            if (data.GetProperty("phase").GetString() == "Serving")
                break;
        }
    }
}
