using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>What this generation does right now, for whoever shows it.</summary>
public sealed class HandoverStatus
{
    private readonly Upgrader _upgrader;
    private readonly ConnectionTable _connections;
    private readonly RequestTable _requests;
    private readonly TunnelTable _tunnels;
    private readonly ListenerProbe _probe;

    internal HandoverStatus(Upgrader upgrader, ConnectionTable connections, RequestTable requests, TunnelTable tunnels, ListenerProbe probe)
    {
        _probe = probe;
        _upgrader = upgrader;
        _connections = connections;
        _requests = requests;
        _tunnels = tunnels;
    }

    /// <summary>What it is doing.</summary>
    public HandoverPhase Phase => _upgrader.Phase;

    /// <summary>Whether it answers for the service: its predecessor, if it had one, can no longer resume.</summary>
    public bool IsMain => _upgrader.IsMain;

    /// <summary>The process id of its successor, from its launch on; null while there is none.</summary>
    public int? SuccessorPid => _upgrader.SuccessorPid;

    /// <summary>Whether its successor has loaded everything and runs its <see cref="IPreparation"/>s; a build that does not say so is ready at once.</summary>
    public bool IsSuccessorWarmingUp => _upgrader.IsSuccessorWarmingUp;

    /// <summary>What it has accepted or adopted and not finished.</summary>
    public DrainProgress Open => Count(_connections, _requests, _tunnels);

    /// <summary>What its predecessor still had to finish when it last said so; null if it never did, or is gone.</summary>
    public DrainProgress? PredecessorOpen => _upgrader.PredecessorOpen;

    /// <summary>Asks on each listener, as a client would, until somebody answers there.</summary>
    /// <param name="deadline">Ends the asking.</param>
    /// <returns>What went wrong on those where nobody did.</returns>
    public Task<IReadOnlyList<string>> AskListenersAsync(CancellationToken deadline) => _probe.RunAsync([], deadline);

    internal static DrainProgress Count(ConnectionTable connections, RequestTable requests, TunnelTable tunnels)
    {
        var active = requests.Active.ToList();
        var adopted = tunnels.Adopted.Count();
        var accepted = active.Count(request => request.Tunnel is not null);
        return new DrainProgress(connections.Count + adopted, active.Count - accepted, accepted + adopted);
    }
}
