using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>A daemon in front of a server of tunnels, and the tunnels through it, both ends of which are seen here.</summary>
internal sealed class TunnelScene : IAsyncDisposable
{
    // Of ten milliseconds each.
    private const int LooksOfStandstill = 50;

    private readonly List<RawTunnel> _tunnels = [];
    private readonly bool _sends;
    private readonly MoveScene _scene;

    private TunnelScene(MoveScene scene, TunnelServer server, bool sends)
    {
        _scene = scene;
        _sends = sends;
        Server = server;
    }

    public TunnelServer Server { get; }

    public DaemonProcess Daemon => _scene.Daemon;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IReadOnlyList<TunnelEnd> Clients => [.. _tunnels.Select(tunnel => tunnel.End)];

    private IReadOnlyList<TunnelEnd> Servers => [.. _tunnels.Select(tunnel => Server.EndOf(tunnel.Id))];

    private IEnumerable<TunnelEnd> Ends => Clients.Concat(Servers);

    private IReadOnlyList<string> Faults =>
        [.. _tunnels.SelectMany(tunnel => new[] { ("client", tunnel.End), ("server", Server.EndOf(tunnel.Id)) }
            .Where(end => end.Item2.Fault is not null)
            .Select(end => $"{tunnel.Id}, {end.Item1}: {end.Item2.Fault}"))];

    /// <param name="sends">Whether both ends of each tunnel send from the start.</param>
    public static async Task<TunnelScene> StartAsync(bool sends)
    {
        var server = new TunnelServer(sends);
        try
        {
            return new TunnelScene(await MoveScene.StartAsync(config => config.ForwardTo(server.Address)), server, sends);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a tunnel of a protocol that nobody knows: bytes are all that can be understood of it.</summary>
    public async Task<RawTunnel> OpenAsync()
    {
        var tunnel = await RawTunnel.OpenAsync(Daemon.Port, _scene.NextId(), _sends, "test", Token);
        _tunnels.Add(tunnel);
        return tunnel;
    }

    /// <summary>Upgrades, and waits until the predecessor has exited.</summary>
    public async Task MoveAsync()
    {
        await _scene.MoveAsync(IsBroken);
        AssertNoFault();
    }

    /// <summary>Lets ends that have not sent from the start do so now.</summary>
    public void Send()
    {
        foreach (var end in Ends)
            end.Sending.Open();
    }

    public void StopReading()
    {
        foreach (var end in Ends)
            end.Receiving.Close();
    }

    public void GoOnReading()
    {
        foreach (var end in Ends)
            end.Receiving.Open();
    }

    /// <summary>Waits until each end has received this many bytes more than now.</summary>
    public Task WaitForProgressAsync(long bytes)
    {
        var wanted = Ends.Select(end => (End: end, Received: end.Received + bytes)).ToList();
        return WaitAsync(() => wanted.TrueForAll(end => end.End.Received >= end.Received), $"carry {bytes} bytes in each direction");
    }

    /// <summary>Waits until every buffer on the way is full and nobody can send any more.</summary>
    public Task WaitForStandstillAsync()
    {
        var (last, looks) = (-1L, 0);
        return WaitAsync(
            () =>
            {
                var sent = Ends.Sum(end => end.Sent);
                looks = sent == last ? looks + 1 : 0;
                last = sent;
                return looks == LooksOfStandstill;
            },
            "stop taking what nobody reads");
    }

    /// <summary>Waits for a condition, which a fault of a tunnel ends at once.</summary>
    public async Task WaitAsync(Func<bool> condition, string toDo)
    {
        await Daemon.WaitAsync(() => IsBroken() || condition(), toDo);
        AssertNoFault();
    }

    /// <summary>Stops all ends from sending; fails unless each receives exactly what the other has sent.</summary>
    public async Task AssertEverythingArrivesAsync()
    {
        await Task.WhenAll(Ends.Select(end => end.StopSendingAsync(Token)));
        var (clients, servers) = (Clients, Servers);
        await WaitAsync(
            () => clients.Zip(servers).All(pair => pair.First.Received == pair.Second.Sent && pair.Second.Received == pair.First.Sent),
            "carry everything that was sent");
        TestContext.Current.SendDiagnosticMessage($"{_tunnels.Count} tunnels carried {Ends.Sum(end => end.Received) / 1_000_000} MB");
        AssertNoFault();
        Daemon.AssertNoUnexpectedWarnings();
    }

    public void AssertNoFault()
    {
        var faults = Faults;
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var tunnel in _tunnels)
                await tunnel.DisposeAsync();
        }
        finally
        {
            // Even when an end itself is broken: no process may outlive its test.
            await _scene.DisposeAsync();
            await Server.DisposeAsync();
        }
    }

    private bool IsBroken() => Ends.Any(end => end.Fault is not null);
}
