using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Baton.Health;

/// <summary>
/// Remembers until when a destination is out of use for failed requests, so that a successor keeps it out for the rest of
/// that time; YARP knows it only as a timer. Everything is done by YARP's own updater.
/// </summary>
internal sealed class Reactivations(IDestinationHealthUpdater inner, TimeProvider clock) : IDestinationHealthUpdater
{
    private readonly ConditionalWeakTable<DestinationState, object> _ends = [];

    public void SetActive(ClusterState cluster, IEnumerable<NewActiveDestinationHealth> newHealthStates) => inner.SetActive(cluster, newHealthStates);

    public void SetPassive(ClusterState cluster, DestinationState destination, DestinationHealth newHealth, TimeSpan reactivationPeriod)
    {
        // As YARP does: one that is out already is not kept out for longer.
        if (newHealth == DestinationHealth.Unhealthy && destination.Health.Passive != DestinationHealth.Unhealthy)
            _ends.AddOrUpdate(destination, clock.GetUtcNow() + reactivationPeriod);
        inner.SetPassive(cluster, destination, newHealth, reactivationPeriod);
    }

    /// <summary>Until when it is out of use; null if it is not.</summary>
    public DateTimeOffset? EndOf(DestinationState destination) =>
        destination.Health.Passive == DestinationHealth.Unhealthy && _ends.TryGetValue(destination, out var end) ? (DateTimeOffset)end : null;
}
