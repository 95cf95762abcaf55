using Yarp.ReverseProxy.Configuration;

namespace Baton.Configuration;

/// <summary>The section <c>ReverseProxy</c> as a type; YARP reads it by hand.</summary>
internal sealed record ProxySection
{
    public IReadOnlyDictionary<string, RouteConfig>? Routes { get; init; }

    public IReadOnlyDictionary<string, ClusterConfig>? Clusters { get; init; }
}
