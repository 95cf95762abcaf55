using Baton.Handover.Processes;
using Baton.Handover.Sockets;
using Baton.Handover.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Baton.Handover.Hosting;

/// <summary>What an upgrade pauses, resumes and drains, over Kestrel's listeners and connections.</summary>
internal sealed class KestrelServing(
    HandoverListenerFactory factory,
    ConnectionTable connections,
    WorkSurvey survey,
    TunnelTable tunnels,
    Drainer drainer,
    TrafficMeter traffic,
    ListenerProbe probe,
    IdleSweep idle,
    ConnectionMover mover,
    TimeProvider clock,
    IOptions<KestrelServerOptions> server) : IServing
{
    // New connections come in between the look at the limit and the adoption.
    private const int LeftForNew = 8;

    public DrainProgress Open => survey.Progress;

    public OpenWork Work => survey.ByKind;

    public IReadOnlyList<PendingWork> Pending => survey.Pending;

    public TrafficFigures Figures => traffic.Total;

    public TrafficFigures RecentFigures => traffic.Recent;

    public void Accept()
    {
        foreach (var listener in factory.Listeners)
            listener.Accept();
    }

    public void Pause(IReadOnlyCollection<ListenSocket> except)
    {
        foreach (var listener in factory.Listeners.Where(listener => !except.Contains(listener.Listener)))
            listener.Pause();
    }

    public void Release(IReadOnlyCollection<ListenSocket> listeners)
    {
        foreach (var listener in factory.Listeners.Where(listener => listeners.Contains(listener.Listener)))
            listener.Release();
    }

    public Task<DrainReport> DrainAsync(TimeSpan timeout, Passage? passage, CancellationToken resumed) =>
        drainer.RunAsync(timeout, passage, () => IsAccepting, resumed);

    public Task<DrainReport> PassOnAsync(TimeSpan timeout, Passage? passage, CancellationToken over, CancellationToken resumed) =>
        drainer.RunAsync(timeout, passage, () => !over.IsCancellationRequested || IsAccepting, resumed);

    public Task<IReadOnlyList<string>> ProbeAsync(IReadOnlyCollection<ListenSocket> except, CancellationToken deadline) => probe.RunAsync(except, deadline);

    // Beyond its limits the server would close what it is given.
    public IAdoption Adopt(ChannelMessage message)
    {
        var limits = server.Value.Limits;
        return message.Kind == ChannelMessage.Tunnel
            ? new TunnelAdoption(message, tunnels, tunnels.Tunnels.Count() < (limits.MaxConcurrentUpgradedConnections ?? long.MaxValue))
            : new ConnectionAdoption(message, factory.Listeners, Take, clock, (limits.MaxConcurrentConnections ?? long.MaxValue) - connections.Count - LeftForNew);
    }

    private bool IsAccepting => factory.Listeners.Any(listener => listener.IsAccepting);

    private void Take(IdleConnection connection)
    {
        if (!mover.TryPassOn(connection))
            idle.Adopt(connection);
    }
}
