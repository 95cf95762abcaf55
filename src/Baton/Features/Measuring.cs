using Baton.AccessLog;
using Baton.Admin;
using Baton.Handover;
using Baton.Metrics;
using Baton.Requests;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Features;

/// <summary>The metrics: counted over all generations, read on the admin interface.</summary>
internal static class Measuring
{
    public static void AddMeasuring(this IServiceCollection services, MetricsOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(provider =>
        {
            var store = new MetricsStore(options.MaxSeries, provider.GetRequiredService<TimeProvider>());
            var traffic = provider.GetRequiredService<TrafficCounters>();
            var log = provider.GetService<AccessLogWriter>(); // None where there is no access log.
            store.Count(MetricFamilies.Connections, default, () => traffic.Own.Connections);
            store.Count(MetricFamilies.LostLogLines, default, () => log?.Lost ?? 0);
            ProcessFigures.Count(store);
            return store;
        });
        services.AddSingleton<ServiceGauges>();
        services.AddSingleton<ProcessFigures>();
        services.AddSingleton<MetricsAnswer>();
        services.AddSingleton(provider => new AdminRoute("GET", "/metrics", provider.GetRequiredService<MetricsAnswer>().WriteAsync));
        services.AddSingleton<IStatePart>(provider => new MetricsPart(
            provider.GetRequiredService<MetricsStore>(), provider.GetRequiredService<Generation>().Number, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHandoverObserver, UpgradeMetrics>();
        if (options.Enabled)
            services.AddSingleton<IRequestObserver, RequestMetrics>();
    }
}
