using Baton.Tunnels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Baton.Features;

/// <summary>Puts a forwarder of ours before YARP's, for the upgrade requests that become tunnels.</summary>
internal static class Tunneling
{
    public static void AddTunneling(this IServiceCollection services)
    {
        // YARP's class is internal: its own registration tells which it is.
        var theirs = services.Single(service => service.ServiceType == typeof(IHttpForwarder));
        services.Remove(theirs);
        services.AddSingleton<IHttpForwarder>(provider => new UpgradeForwarder(
            (IHttpForwarder)ActivatorUtilities.CreateInstance(provider, theirs.ImplementationType!),
            provider.GetRequiredService<ILogger<UpgradeForwarder>>()));
    }
}
