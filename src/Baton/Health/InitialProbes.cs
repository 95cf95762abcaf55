using Baton.Handover;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Health;

namespace Baton.Health;

/// <summary>
/// Waits until every destination was probed once, so that the first request already knows which are down. YARP sends these
/// probes when it has its routes, and gives each the cluster's own timeout. They go through the connections that requests
/// will use, which are open then. Destinations without active checks get nothing: a request that nobody asked for would be
/// a surprise to an application, and a bare connection would not be one that requests use.
/// </summary>
internal sealed class InitialProbes(IActiveHealthCheckMonitor monitor, IProxyStateLookup proxy, TimeProvider clock) : IPreparation
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        if (!proxy.GetClusters().Any(cluster => cluster.Model.Config.HealthCheck?.Active?.Enabled == true))
            return;
        while (!monitor.InitialProbeCompleted)
            await Task.Delay(LookInterval, clock, cancellation);
    }
}
