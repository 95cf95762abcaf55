using Baton.Configuration;
using Baton.Health;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Baton.Admin;

/// <summary>Looks at the clusters for <c>GET /status</c>.</summary>
internal sealed class ClusterSource(IProxyStateLookup proxy, Availability availability)
{
    public IReadOnlyList<ClusterDocument> Look() =>
    [
        .. proxy.GetClusters().OrderBy(cluster => cluster.ClusterId, StringComparer.Ordinal).Select(cluster => new ClusterDocument(
            cluster.ClusterId,
            [.. cluster.Destinations.Values.OrderBy(destination => destination.DestinationId, StringComparer.Ordinal).Select(destination => Describe(cluster, destination))])),
    ];

    private DestinationDocument Describe(ClusterState cluster, DestinationState destination)
    {
        var (isAvailable, why) = availability.Of(cluster, destination);
        return new DestinationDocument(destination.DestinationId, SecretMask.InText(destination.Model.Config.Address), isAvailable, why, destination.ConcurrentRequestCount);
    }
}
