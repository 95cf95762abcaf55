using Baton.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace Baton.Features;

/// <summary>Measures what is served, for the access log, the metrics and the count of failures at destinations.</summary>
internal static class Observing
{
    /// <summary>Puts a measuring forwarder before the one that is there. Add it after whatever else replaces that.</summary>
    public static void AddObservation(this IServiceCollection services)
    {
        var measured = services.Single(service => service.ServiceType == typeof(IHttpForwarder));
        services.Remove(measured);
        services.AddSingleton<IHttpForwarder>(provider => new MeasuredForwarder(
            (IHttpForwarder)(measured.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, measured.ImplementationType!)),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IRequestObserver, UpstreamFailures>();
    }

    /// <summary>Add it right after the hand-over's tracking: a request that is told of here is still in flight there.</summary>
    public static void UseObservation(this WebApplication app) => app.UseMiddleware<RequestObservation>();
}
