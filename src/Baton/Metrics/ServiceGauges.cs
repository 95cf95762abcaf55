using Baton.Admin;
using Baton.Handover;
using Baton.Handover.Hosting;
using Yarp.ReverseProxy;

namespace Baton.Metrics;

/// <summary>What the service does right now: which generation, what is open, which destinations can be used.</summary>
internal sealed class ServiceGauges(Generation generation, HandoverStatus status, IProxyStateLookup proxy, CertificateSource certificates, MetricsOptions options)
{
    public async Task<IReadOnlyList<Gauge>> LookAsync()
    {
        var shown = await certificates.LookAsync();
        return [.. Look(), new Gauge(
            "baton_certificate_expiry_timestamp_seconds", "When a certificate of an endpoint expires, in seconds since 1970.", ["baton_endpoint"],
            [.. shown.Take(options.MaxSeries).Select(one => ((IReadOnlyList<string>)[one.Endpoint], (double)one.NotAfter.ToUnixTimeSeconds()))]) { Unit = "seconds" }];
    }

    private IEnumerable<Gauge> Look()
    {
        var own = status.Open;
        var before = status.PredecessorOpen ?? new DrainProgress(0, 0, 0);
        yield return Gauge.Of("http_server_active_requests", "Requests in flight, in the predecessor too while it drains.", own.Requests + before.Requests);
        yield return new Gauge("baton_open_work", "Connections, requests and tunnels that are open, in this generation and in the one before it.", ["baton_kind", "baton_where"], [.. Work("current", own), .. Work("predecessor", before)]);
        yield return new Gauge("baton_destination_available", "1 if a destination gets requests, 0 if its health keeps it out.", ["baton_cluster", "baton_destination"], [.. Destinations().Take(options.MaxSeries)]);
        yield return Gauge.Of("baton_generation", "The number of the generation that answers.", generation.Number);
        yield return new Gauge("baton_build_info", "The version of the generation that answers.", ["version"], [([generation.Version], 1)]);
    }

    private static IEnumerable<(IReadOnlyList<string>, double)> Work(string where, DrainProgress open) =>
        [(["connection", where], open.Connections), (["request", where], open.Requests), (["tunnel", where], open.Tunnels)];

    private IEnumerable<(IReadOnlyList<string>, double)> Destinations()
    {
        foreach (var cluster in proxy.GetClusters().OrderBy(cluster => cluster.ClusterId, StringComparer.Ordinal))
        {
            var available = cluster.DestinationsState.AvailableDestinations.Select(destination => destination.DestinationId).ToHashSet();
            foreach (var destination in cluster.DestinationsState.AllDestinations)
                yield return ([cluster.ClusterId, destination.DestinationId], available.Contains(destination.DestinationId) ? 1 : 0);
        }
    }
}
