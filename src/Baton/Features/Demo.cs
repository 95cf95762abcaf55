using Baton.Handover;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy;

namespace Baton.Features;

/// <summary>The built-in page: it answers while the configuration has no route, so that a first start shows something.</summary>
internal static class Demo
{
    public static void UseDemo(this WebApplication app, Generation generation) =>
        Use(app, new DemoPage(generation.Number, generation.Pid, generation.Version, generation.StartedAt));

    internal static void Use(WebApplication app, DemoPage page)
    {
        var routes = app.Services.GetRequiredService<IProxyStateLookup>();

        // Asked at each request, since routes may come and go by live reload; with routes, what matches none is 404.
        app.Use((context, next) => context.GetEndpoint() is null && !routes.GetRoutes().Any()
            ? page.WriteAsync(context)
            : next(context));
    }
}
