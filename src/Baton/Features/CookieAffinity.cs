using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.SessionAffinity;

namespace Baton.Features;

/// <summary>Puts a <c>HashCookie</c> affinity policy of ours in the place of YARP's.</summary>
internal static class CookieAffinity
{
    public static void AddCookieAffinity(this IServiceCollection services)
    {
        // By name, because YARP's class is internal. It must go: two policies of one name are an error.
        var theirs = services.Single(service => service.ServiceType == typeof(ISessionAffinityPolicy)
            && service.ImplementationType?.Name == "HashCookieSessionAffinityPolicy");
        services.Remove(theirs);
        services.AddSingleton<ISessionAffinityPolicy, HashCookiePolicy>();
    }
}
