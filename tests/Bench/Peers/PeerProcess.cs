using System.Diagnostics;
using Baton.Bench.Measuring;

namespace Baton.Bench.Peers;

/// <summary>A running proxy with all its processes.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly Background _background;
    private readonly int _routes;
    private int _generation = 1;

    private PeerProcess(Peer peer, Site site, Background background, int routes)
    {
        Peer = peer;
        Site = site;
        _background = background;
        _routes = routes;
        Newest = background.Session;
    }

    public Peer Peer { get; }

    public Site Site { get; }

    public int First => _background.Session;

    /// <summary>The process with the highest id when the upgrade was prepared: to look later takes time from those that are measured.</summary>
    public int Newest { get; private set; }

    public double ProcessorSeconds => _background.ProcessorSeconds;

    /// <summary>Whether the answers of the generation that was asked for last are "even" ones.</summary>
    public bool IsEven => _generation % 2 == 0;

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<PeerProcess> StartAsync(Peer peer, Scene scene, int routes = 0)
    {
        var site = scene.NewSite(peer.Name);
        peer.Configure(site, generation: 1, routes);
        var background = await Background.StartAsync(peer.Command(site), Path.Combine(site.Directory, "log"), peer.Environment);
        var process = new PeerProcess(peer, site, background, routes);
        try
        {
            await Task.Run(() => Probe.UntilAnswered(site.Plain, background, StartTimeout));
            return process;
        }
        catch (TimeoutException e)
        {
            var words = background.LastWords();
            await process.DisposeAsync();
            throw new InvalidOperationException($"{peer.Name} did not start: {e.Message}\n{words}");
        }
    }

    public double PssMegabytes() => _background.PssMegabytes();

    /// <summary>Writes the next configuration; <see cref="TriggerAsync"/> has it used.</summary>
    public void PrepareUpgrade()
    {
        Peer.Configure(Site, ++_generation, _routes);
        Newest = _background.Running.Max(process => process.Id);
    }

    public Task TriggerAsync() => Peer.TriggerAsync(this);

    /// <summary>The processes that an upgrade replaces.</summary>
    public IReadOnlyList<int> Replaceable() => [.. _background.Running.Select(process => process.Id).Where(id => !Peer.KeepsFirstProcess || id != First)];

    /// <summary>Waits until all of them have ended, but not for longer than that.</summary>
    public static async Task UntilEndedAsync(IReadOnlyList<int> pids, TimeSpan longest)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < longest && pids.Any(pid => ProcessStat.Read(pid) is { HasEnded: false }))
            await Task.Delay(5);
    }

    public ValueTask DisposeAsync() => _background.DisposeAsync();
}
