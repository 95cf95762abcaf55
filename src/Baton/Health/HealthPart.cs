using System.Text.Json;
using Baton.Handover;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Baton.Health;

/// <summary>
/// Passes the health of destinations on, so that one that is known to be down gets no request from a new generation. One
/// that is new, or has another address now, starts unknown.
/// </summary>
/// <remarks>
/// The requests that the passive policy has counted are not passed on, only its verdict: it forgets them within a minute.
/// </remarks>
internal sealed class HealthPart(
    IProxyStateLookup proxy,
    ConsecutiveFailuresPolicy probes,
    Reactivations reactivations,
    IOptions<TransportFailureRateHealthPolicyOptions> passive,
    TimeProvider clock) : IStatePart
{
    public string Name => "health";

    public int Version => 1;

    // Of the thousands that are neither probed nor out of use there is nothing to say.
    public JsonElement? Save() => JsonSerializer.SerializeToElement(
        [.. proxy.GetClusters().SelectMany(cluster => cluster.Destinations.Select(entry => Describe(cluster, entry.Value)).OfType<KnownDestination>())],
        HealthFormat.Default.IReadOnlyListKnownDestination);

    public void Load(int version, JsonElement data, StateMoment moment)
    {
        // What a generation says at its end it has learnt before this one began, or from its last connections alone.
        if (version != Version || moment is not (StateMoment.Launch or StateMoment.TakeOver))
            return;
        foreach (var known in data.Deserialize(HealthFormat.Default.IReadOnlyListKnownDestination) ?? [])
        {
            if (proxy.TryGetCluster(known.Cluster, out var cluster)
                && cluster.Destinations.TryGetValue(known.Destination, out var destination)
                && destination.Model.Config.Address == known.Address)
                Restore(cluster, destination, known);
        }
    }

    private KnownDestination? Describe(ClusterState cluster, DestinationState destination)
    {
        var (health, failures, probedAt) = probes.Get(destination);
        var outUntil = reactivations.EndOf(destination);
        if (health == DestinationHealth.Unknown && probedAt is null && outUntil is null)
            return null;
        return new KnownDestination(cluster.ClusterId, destination.DestinationId, destination.Model.Config.Address)
        {
            Active = health,
            Failures = failures,
            ProbedAt = probedAt,
            OutUntil = outUntil,
        };
    }

    // A check that is switched off now must not keep a destination out: nothing would bring it back.
    private void Restore(ClusterState cluster, DestinationState destination, KnownDestination known)
    {
        var checks = cluster.Model.Config.HealthCheck;
        if (checks?.Active?.Enabled == true)
            probes.Continue(cluster, destination, known.Active, Math.Clamp(known.Failures, 0, int.MaxValue), known.ProbedAt);
        if (checks?.Passive is { Enabled: true } config && known.OutUntil - clock.GetUtcNow() is { } left && left > TimeSpan.Zero)
        {
            var longest = config.ReactivationPeriod > passive.Value.DetectionWindowSize ? config.ReactivationPeriod.Value : passive.Value.DetectionWindowSize;
            reactivations.SetPassive(cluster, destination, DestinationHealth.Unhealthy, left < longest ? left : longest);
        }
    }
}
