using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Baton.Handover.Transport;

/// <summary>Every tunnel of this process that runs without the server; ends those that were silent for too long.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The timer lives as long as the process.")]
internal sealed class TunnelTable(TimeProvider clock)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Tunnel, Activity> _tunnels = new();
    private ITimer? _timer;

    public IEnumerable<Tunnel> Tunnels => _tunnels.Select(entry => entry.Key);

    /// <summary>Those that came from the predecessor: no connection of the server stands for them.</summary>
    public IEnumerable<Tunnel> Adopted => Tunnels.Where(tunnel => tunnel.IsAdopted);

    public void Start(Tunnel tunnel)
    {
        _tunnels[tunnel] = new Activity(clock.GetTimestamp());
        tunnel.Start();
        tunnel.Completion.ContinueWith(_ => _tunnels.TryRemove(tunnel, out var _), TaskScheduler.Default);
        LazyInitializer.EnsureInitialized(ref _timer, () => clock.CreateTimer(_ => EndSilent(), null, LookInterval, LookInterval));
    }

    private void EndSilent()
    {
        foreach (var (tunnel, activity) in _tunnels)
        {
            if (activity.Count != tunnel.Count)
                (activity.Count, activity.Since) = (tunnel.Count, clock.GetTimestamp());
            else if (tunnel.Description.ActivityTimeout is { } timeout && timeout != Timeout.InfiniteTimeSpan && clock.GetElapsedTime(activity.Since) > timeout)
                tunnel.Abort();
        }
    }

    private sealed class Activity(long since)
    {
        public long Since { get; set; } = since;

        public long Count { get; set; }
    }
}
