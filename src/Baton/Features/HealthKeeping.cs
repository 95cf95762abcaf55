using System.Diagnostics.CodeAnalysis;
using Baton.Handover;
using Baton.Health;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Health;

namespace Baton.Features;

/// <summary>Keeps the health of destinations over generations. To be added after YARP, two parts of which it replaces.</summary>
internal static class HealthKeeping
{
    public static void AddHealthKeeping(this IServiceCollection services)
    {
        Remove<IActiveHealthCheckPolicy>(services, "ConsecutiveFailuresHealthPolicy");
        services.AddSingleton<ConsecutiveFailuresPolicy>();
        services.AddSingleton<IActiveHealthCheckPolicy>(provider => provider.GetRequiredService<ConsecutiveFailuresPolicy>());

        var updater = Remove<IDestinationHealthUpdater>(services, "DestinationHealthUpdater");
        services.AddKeyedSingleton(typeof(IDestinationHealthUpdater), nameof(Reactivations), updater);
        services.AddSingleton(provider => new Reactivations(
            provider.GetRequiredKeyedService<IDestinationHealthUpdater>(nameof(Reactivations)),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDestinationHealthUpdater>(provider => provider.GetRequiredService<Reactivations>());

        services.AddSingleton<Availability>();
        services.AddSingleton<IStatePart, HealthPart>();
        services.AddSingleton<IPreparation, InitialProbes>();
    }

    // By name, because YARP's classes are internal.
    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    private static Type Remove<TService>(IServiceCollection services, string name)
    {
        var theirs = services.Single(service => service.ServiceType == typeof(TService) && service.ImplementationType?.Name == name);
        services.Remove(theirs);
        return theirs.ImplementationType!;
    }
}
