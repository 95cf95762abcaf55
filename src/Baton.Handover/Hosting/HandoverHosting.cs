using Baton.Handover.Processes;
using Baton.Handover.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Handover.Hosting;

/// <summary>Makes a Kestrel application replaceable while it runs.</summary>
public static class HandoverHosting
{
    /// <summary>
    /// Takes over Kestrel's listeners and the process's signals. Call it after Kestrel was added; on this host nothing else
    /// may listen to SIGHUP or SIGTERM. Of Kestrel's <c>SocketTransportOptions</c> the sizes of the buffers count here too, and
    /// <c>UnsafePreferInlineScheduling</c>, for applications in which nothing blocks while it reads a body.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="generation">What <see cref="Generation.Begin"/> returned.</param>
    /// <param name="options">Must be valid: <see cref="HandoverOptions.Validate"/>.</param>
    public static IHostApplicationBuilder AddHandover(this IHostApplicationBuilder builder, Generation generation, HandoverOptions options)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(generation);
        services.AddSingleton(options);
        services.AddSingleton<TrafficCounters>();
        services.AddSingleton<IStatePart, TrafficPart>();
        services.AddSingleton<IStateKeeper, StateKeeper>();
        services.AddSingleton<Preparations>();
        services.AddSingleton<ConnectionTable>();
        services.AddSingleton<LeaveSwitch>();
        services.AddSingleton<RequestTable>();
        services.AddSingleton<TunnelTable>();
        services.AddSingleton<WorkSurvey>();
        services.AddSingleton<ConnectionMover>();
        services.AddSingleton<TunnelMover>();
        services.AddSingleton<TrafficMeter>();
        services.AddSingleton<ListenerProbe>();
        services.AddSingleton<Movers>();
        services.AddSingleton<DeadlineCut>();
        services.AddSingleton<Drainer>();
        services.AddSingleton<IServing, KestrelServing>();
        services.AddSingleton<ILauncher>(new Launcher(generation.Command, generation.Listeners, generation.Constant));

        if (generation.IsRehearsal)
        {
            services.AddSingleton<ILoggerProvider, RehearsalWarnings>();
            builder.Logging.AddFilter<RehearsalWarnings>(null, LogLevel.Warning);
        }

        services.RemoveAll<IConnectionListenerFactory>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<HandoverListenerFactory>(provider, generation.Listeners));
        services.AddSingleton(provider => new InnerConnections(provider.GetRequiredService<HandoverListenerFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPreparation, MoveRehearsal>();
        services.AddSingleton<IPreparation, StateRehearsal>();
        services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<HandoverListenerFactory>());

        services.AddSingleton(provider => new Upgrader(
            generation,
            options,
            provider.GetRequiredService<ILauncher>(),
            provider.GetRequiredService<IServing>(),
            provider.GetRequiredService<IStateKeeper>(),
            provider.GetServices<IHandoverObserver>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Upgrader>>()));
        services.AddSingleton(provider => new HandoverStatus(
            provider.GetRequiredService<Upgrader>(),
            provider.GetRequiredService<WorkSurvey>(),
            provider.GetRequiredService<ListenerProbe>()));
        services.AddSingleton<IdleSweep>();
        services.AddSingleton<IHandoverObserver>(provider => provider.GetRequiredService<IdleSweep>());
        services.AddSingleton<IHostLifetime, HandoverLifetime>();
        services.AddHostedService<HandoverService>();
        return builder;
    }

    /// <summary>Follows requests, so that a drain knows what is in flight. Add it after routing and before the endpoints.</summary>
    public static IApplicationBuilder UseHandover(this IApplicationBuilder app) => app.UseMiddleware<RequestTracking>();
}
