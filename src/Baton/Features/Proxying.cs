using Baton.Configuration;
using Baton.Retries;
using Baton.Warmup;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Baton.Features;

/// <summary>The proxy: YARP, as the section <c>ReverseProxy</c> says.</summary>
internal static class Proxying
{
    /// <param name="builder">The application's.</param>
    /// <param name="proxy">The routes and clusters to begin with.</param>
    public static void AddProxying(this WebApplicationBuilder builder, IProxyConfig proxy)
    {
        builder.Services.AddSingleton<IConfigValidator, AlreadyValid>();
        builder.Services.AddReverseProxy().LoadFromMemory(proxy.Routes, proxy.Clusters);
        builder.Services.AddRequestTimeouts();
        builder.Services.AddSingleton<WarmUpDestination>();

        // The Cookie affinity policy encrypts its cookies. Without a name the keys belong to the content root, and a
        // generation started elsewhere could not read the cookies of the one before it.
        var protection = builder.Services.AddDataProtection().SetApplicationName("baton");

        // A service has no home to keep keys in; systemd gives it a directory instead (StateDirectory=, systemd.exec(5)).
        if (ProcessEnvironment.Get("STATE_DIRECTORY") is { Length: > 0 } directories)
            protection.PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(directories.Split(':')[0], "keys")));

        // It would make a key below $HOME at every first start, with a warning; only that policy needs one, and then
        // the key is made at its first use.
        var eager = builder.Services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToList();
        eager.ForEach(service => builder.Services.Remove(service));

        // YARP brings the services of authorization, and the application would then begin every request with its middleware.
        // Nobody is authenticated here, and a route that asks for it is refused (ProxyValidation).
        builder.Services.RemoveAll<IAuthorizationHandlerProvider>();
    }

    /// <param name="app">The application.</param>
    /// <param name="retries">How many other destinations a request may go to.</param>
    public static void UseProxying(this WebApplication app, int retries)
    {
        // YARP refuses to serve a route with CorsPolicy or Timeout unless these are in the pipeline; few routes have one.
        app.UseWhen(HasPolicies, branch => branch.Use(Cors(app.Services)).UseRequestTimeouts());
        app.MapReverseProxy(pipeline =>
        {
            pipeline.Use(app.Services.GetRequiredService<WarmUpDestination>().RedirectAsync);
            pipeline.UseSessionAffinity();
            if (retries > 0)
                pipeline.UseMiddleware<RetryElsewhere>(retries);
            pipeline.UseLoadBalancing();
            pipeline.UsePassiveHealthChecks();
        }).Add(endpoint =>
        {
            if (endpoint.Metadata.OfType<RouteModel>().FirstOrDefault() is { } route && TunnelMetadata.Read(route.Config) is { } policy)
                endpoint.Metadata.Add(policy);
        });

        // YARP makes its endpoints when they are first looked at, and says then that they have changed: in the middle of the
        // first request, for which routing would build its tables twice.
        foreach (var source in ((IEndpointRouteBuilder)app).DataSources.Where(source => source is IProxyStateLookup))
            _ = source.Endpoints;
    }

    // What UseCors() does; a native program would give the middleware its second argument by reflection, for each request.
    private static Func<RequestDelegate, RequestDelegate> Cors(IServiceProvider services)
    {
        var policies = services.GetRequiredService<ICorsPolicyProvider>();
        return next =>
        {
            var cors = new CorsMiddleware(next, services.GetRequiredService<ICorsService>(), services.GetRequiredService<ILoggerFactory>());
            return context => cors.Invoke(context, policies);
        };
    }

    private static bool HasPolicies(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config is { } route
        && (route.CorsPolicy is not null || route.TimeoutPolicy is not null || route.Timeout is not null);
}
