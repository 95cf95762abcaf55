using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace Baton.Configuration;

/// <summary>
/// Checks routes and clusters with YARP's own reader and validator, before the proxy sees them, plus what YARP lets pass
/// and then answers with 502 or 503: a cluster that does not exist, an address that is none.
/// </summary>
internal static class ProxyValidation
{
    private const string Routes = "ReverseProxy:Routes";
    private const string Clusters = "ReverseProxy:Clusters";

    /// <param name="section">The section <c>ReverseProxy</c>.</param>
    /// <param name="findings">Gets what is wrong with it.</param>
    /// <returns>What was read, for the proxy; null if it cannot be.</returns>
    public static async Task<IProxyConfig?> CheckAsync(IConfiguration section, Findings findings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReverseProxy().LoadFromConfig(section);
        await using var provider = services.BuildServiceProvider();

        IProxyConfig proxy;
        try
        {
            proxy = provider.GetRequiredService<IProxyConfigProvider>().GetConfig();
        }
        catch (Exception e) when (e is not OutOfMemoryException) // YARP's reader throws whatever the parser of a value throws
        {
            findings.Error(SectionNames.ReverseProxy, $"{SectionNames.ReverseProxy} cannot be read: {e.Message}");
            return null;
        }

        var validator = provider.GetRequiredService<IConfigValidator>();
        foreach (var cluster in proxy.Clusters)
        {
            CheckAddresses(cluster, findings);
            Report(Clusters, cluster.ClusterId, await validator.ValidateClusterAsync(cluster), findings);
        }

        var clusters = proxy.Clusters.Select(cluster => cluster.ClusterId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var route in proxy.Routes)
        {
            CheckRoute(route, clusters, findings);
            Report(Routes, route.RouteId, await validator.ValidateRouteAsync(route), findings);
        }

        return proxy;
    }

    private static void CheckAddresses(ClusterConfig cluster, Findings findings)
    {
        foreach (var (id, destination) in cluster.Destinations ?? new Dictionary<string, DestinationConfig>())
        {
            CheckAddress(destination.Address, nameof(DestinationConfig.Address), cluster.ClusterId, id, findings);
            CheckAddress(destination.Health, nameof(DestinationConfig.Health), cluster.ClusterId, id, findings);
        }
    }

    // Keys are made of what is wrong alone: most of a thousand routes are right.
    private static void CheckAddress(string? address, string name, string cluster, string destination, Findings findings)
    {
        if (string.IsNullOrEmpty(address))
            return; // optional for Health; for Address YARP's validator says so
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return;
        var key = $"{Clusters}:{cluster}:Destinations:{destination}:{name}";
        findings.Error(key, $"{key} is '{address}', but it must be an absolute http or https address, as in \"http://127.0.0.1:5000/\".");
    }

    private static void CheckRoute(RouteConfig route, HashSet<string> clusters, Findings findings)
    {
        void Error(string name, string message)
        {
            var key = $"{Routes}:{route.RouteId}:{name}";
            findings.Error(key, $"{key} {message}");
        }

        if (string.IsNullOrEmpty(route.ClusterId))
            Error(nameof(RouteConfig.ClusterId), "is missing: a route needs the cluster that it sends requests to.");
        else if (!clusters.Contains(route.ClusterId))
            Error(nameof(RouteConfig.ClusterId), $"is '{route.ClusterId}', but there is no such cluster.{ClusterHint(route.ClusterId, clusters)}");

        if (route.Metadata is { } metadata)
            TunnelMetadata.Check(metadata, $"{Routes}:{route.RouteId}:{nameof(RouteConfig.Metadata)}", findings);

        // YARP takes the name and the framework then answers every request with 500: nobody can sign in here.
        if ("default".Equals(route.AuthorizationPolicy, StringComparison.OrdinalIgnoreCase))
            Error(nameof(RouteConfig.AuthorizationPolicy), "is 'default', but baton authenticates nobody. Remove it or set it to 'anonymous'.");
    }

    private static string ClusterHint(string name, HashSet<string> clusters) => clusters.Count == 0
        ? $" {Clusters} is empty."
        : NearestName.Hint(name, clusters);

    private static void Report(string section, string id, IList<Exception> errors, Findings findings)
    {
        foreach (var error in errors)
            findings.Error($"{section}:{id}", $"{section}:{id}: {error.Message}{(error.InnerException is { } inner ? $" {inner.Message}" : "")}");
    }
}
