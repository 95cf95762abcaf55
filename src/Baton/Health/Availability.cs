using System.Globalization;
using Yarp.ReverseProxy.Model;

namespace Baton.Health;

/// <summary>Tells whether a destination gets requests, and why, in words.</summary>
internal sealed class Availability(ConsecutiveFailuresPolicy probes, Reactivations reactivations, TimeProvider clock)
{
    public (bool IsAvailable, string Why) Of(ClusterState cluster, DestinationState destination)
    {
        var isAvailable = cluster.DestinationsState.AvailableDestinations.Contains(destination);
        var why = Reason(cluster, destination);
        return (isAvailable, isAvailable && IsOut(destination) ? $"{why}; used all the same, since no other is better" : why);
    }

    private string Reason(ClusterState cluster, DestinationState destination)
    {
        var checks = cluster.Model.Config.HealthCheck;
        if (checks is not { Active.Enabled: true } and not { Passive.Enabled: true })
            return "no checks are configured";
        if (reactivations.EndOf(destination) is { } end)
            return string.Create(CultureInfo.InvariantCulture, $"out until {end.UtcDateTime:HH:mm:ss} UTC for failed requests");
        return checks.Active?.Enabled == true ? Probes(destination) : "no requests failed of late";
    }

    private string Probes(DestinationState destination)
    {
        var (health, failures, probedAt) = probes.Get(destination);
        var last = probedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $", the last {Math.Max(0, (clock.GetUtcNow() - at).TotalSeconds):0} s ago") : "";
        return health switch
        {
            // Of another policy than ours nothing but the verdict is known.
            DestinationHealth.Unhealthy => failures switch
            {
                0 => "its probes failed",
                1 => $"a probe failed{last}",
                _ => $"{failures} probes in a row failed{last}",
            },
            DestinationHealth.Healthy => failures > 0 ? $"answered probes before; {failures} in a row failed{last}" : "answers probes",
            _ => "not probed yet",
        };
    }

    private static bool IsOut(DestinationState destination) =>
        destination.Health.Active == DestinationHealth.Unhealthy || destination.Health.Passive == DestinationHealth.Unhealthy;
}
