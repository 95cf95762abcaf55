using System.Net.Sockets;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Upgrades;

/// <summary>Many listeners at once, and listeners that come and go with the configuration.</summary>
public sealed class ManyListenersTests
{
    private const int Many = 45;
    private const int Waiting = 40;
    private const int Clients = 8;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forty_five_survive_two_upgrades()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = Config().ForwardTo(backend.Address);
        for (var listener = 0; listener < Many; listener++)
            config.Listen();
        await using var daemon = await DaemonProcess.StartAsync(config, new DaemonStart { Listeners = Many });
        var ports = daemon.Ports;
        Assert.Equal(Many, ports.Distinct().Count());
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend);
        foreach (var port in ports)
            traffic.Add(new KeepAliveClient(port, longestPauseMilliseconds: 200));
        traffic.Add(new ConnectionPerRequestClient(ports[0]), new ConnectionPerRequestClient(ports[^1]));
        await traffic.StartAsync(Token);

        for (var upgrade = 0; upgrade < 2; upgrade++)
        {
            await daemon.UpgradeAsync();
            await traffic.WaitForAnswersAsync(3, cancellationToken: Token);
            var process = await daemon.WaitForOneProcessAsync();
            Assert.Equal(ports.Order(), TcpListeners(process.Pid));
        }

        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        Assert.Equal(Many, daemon.Log.Addresses.Count); // No generation has announced another.
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_removed_one_answers_what_waits_in_its_queue_and_refuses_afterwards()
    {
        using var program = new InstalledProgram();
        await using var daemon = await DaemonProcess.StartAsync(Config().Listen().Listen(), new DaemonStart { Command = [program.Command], Listeners = 2 });
        var removed = daemon.Ports[1];
        Config().Listen().WriteTo(daemon.ConfigFile);
        var gate = program.PointToHeldRelease();
        daemon.Signal(daemon.FirstPid, Signo.SIGHUP);
        await daemon.WaitForLogAsync("Launched generation 2 (pid");

        // The predecessor stands still while its successor, which will not listen there, becomes ready.
        daemon.Signal(daemon.FirstPid, Signo.SIGSTOP);
        await daemon.WaitAsync(() => ProcessState.Read(daemon.FirstPid) is { IsStopped: true }, "stop");
        gate.Open();
        await daemon.WaitForLogAsync("generation 2, pid");
        var pages = new List<Page>();
        var answers = new List<Task<string>>();
        for (var client = 0; client < Waiting; client++)
        {
            pages.Add(await Page.OpenAsync(removed, Token));
            answers.Add(pages[^1].GetAsync(Token));
        }
        daemon.Signal(daemon.FirstPid, Signo.SIGCONT);

        Assert.All(await Task.WhenAll(answers), page => Assert.Contains("generation  1", page, StringComparison.Ordinal));
        pages.ForEach(page => page.Dispose());
        await daemon.WaitForOneProcessAsync();
        Assert.Equal(2, await Page.GenerationAsync(daemon.Port, Token));
        await AssertRefusesAsync(removed);
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_removed_one_either_answers_or_refuses()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config().Listen().Listen(), new DaemonStart { Listeners = 2 });
        var removed = daemon.Ports[1];
        Config().Listen().WriteTo(daemon.ConfigFile);
        var clients = Enumerable.Range(0, Clients).Select(_ => AskUntilRefusedAsync(removed)).ToList();

        await daemon.UpgradeAsync();

        var answered = await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.All(answered, count => Assert.InRange(count, 1, int.MaxValue));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_removed_one_finishes_what_it_accepted_during_the_probation()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = Config().ForwardTo(backend.Address).Baton("Probation", "00:00:03");
        await using var daemon = await DaemonProcess.StartAsync(config.Listen().Listen(), new DaemonStart { Listeners = 2 });
        config.Set("Kestrel:Endpoints:endpoint-002", null).WriteTo(daemon.ConfigFile);
        await daemon.UpgradeAsync();

        // The old generation had nothing to drain; now it has, for longer than the probation.
        await using var slow = new Traffic(TimeSpan.FromMinutes(1), backend).Add(new InFlightClient(daemon.Ports[1], 5, 6000));
        await slow.StartAsync(Token);
        await slow.StopAsync(Token);

        slow.AssertNothingLost();
        await daemon.WaitForOneProcessAsync();
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task An_added_one_works_and_is_handed_on()
    {
        var config = Config().Listen();
        await using var daemon = await DaemonProcess.StartAsync(config);
        config.Listen("http://0.0.0.0:0").WriteTo(daemon.ConfigFile);

        await daemon.UpgradeAsync();

        await daemon.WaitAsync(() => daemon.Ports.Count == 2, "announce the added listener");
        Assert.Equal(2, await Page.GenerationAsync(daemon.Ports[1], Token));
        await daemon.UpgradeAsync();
        Assert.Equal(3, await Page.GenerationAsync(daemon.Ports[1], Token));
        Assert.Equal(daemon.Ports.Order(), TcpListeners((await daemon.WaitForOneProcessAsync()).Pid));
        Assert.Equal(2, daemon.Ports.Count);
        daemon.AssertNoUnexpectedWarnings();
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:01");

    /// <summary>Returns how often it was answered.</summary>
    private static async Task<int> AskUntilRefusedAsync(int port)
    {
        for (var answered = 0; ; answered++)
        {
            try
            {
                await Page.GetAsync(port, Token);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return answered;
            }
            catch (Exception e) when (e is SocketException or ResponseLostException)
            {
                // It came between the last look at the queue and close(2), after which nothing comes.
                await AssertRefusesAsync(port);
                return answered;
            }
        }
    }

    private static async Task AssertRefusesAsync(int port)
    {
        var refused = await Assert.ThrowsAsync<SocketException>(() => Page.GetAsync(port, Token));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    private static IEnumerable<int> TcpListeners(int pid) => OpenDescriptors.Of(pid)
        .Where(name => name.StartsWith("tcp listener ", StringComparison.Ordinal))
        .Select(name => Convert.ToInt32(name[(name.LastIndexOf(':') + 1)..], 16))
        .Order();
}
