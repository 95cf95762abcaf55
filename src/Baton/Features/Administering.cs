using Baton.Admin;
using Baton.Configuration;
using Baton.Handover;
using Baton.Handover.Hosting;
using Baton.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Baton.Features;

/// <summary>The admin interface: HTTP and JSON on listeners of its own.</summary>
internal static class Administering
{
    /// <exception cref="HandoverException">The path that the configuration names for the socket cannot be used.</exception>
    public static void AddAdmin(this WebApplicationBuilder builder, Generation generation, BatonOptions options, string config)
    {
        var listeners = AdminListeners.Open(generation, options.Admin, config);
        builder.Services.AddSingleton(listeners);
        builder.Services.Configure<KestrelServerOptions>(listeners.Listen);
        builder.Services.AddSingleton(new AdminGuard(options.Admin.Token));
        builder.Services.AddSingleton<DrainSwitch>();
        builder.Services.AddSingleton<IStatePart>(services => services.GetRequiredService<DrainSwitch>());
        builder.Services.AddSingleton(services => new StatusSource(
            generation,
            services.GetRequiredService<HandoverStatus>(),
            services.GetRequiredService<ReportHistory>(),
            services.GetRequiredService<DrainSwitch>(),
            listeners,
            config,
            services.GetRequiredService<IServer>()));
        builder.Services.AddSingleton(services => new HealthAnswers(generation, services.GetRequiredService<Upgrader>(), services.GetRequiredService<DrainSwitch>(), config));
        builder.Services.AddSingleton<AdminApi>();
        builder.Services.AddSingleton<AdminRouter>();
    }

    /// <summary>Add it before routing: what comes in on its listeners has its endpoint then, and no route can have it.</summary>
    public static void UseAdmin(this WebApplication app)
    {
        if (app.Services.GetRequiredService<AdminListeners>().Socket.Missing is { } reason)
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<AdminSocket>().NoAdminSocket(reason);

        Endpoint? endpoint = null;
        app.Use((context, next) =>
        {
            if (context.Features.Get<AdminConnection>() is not null)
                context.SetEndpoint(endpoint ??= new Endpoint(app.Services.GetRequiredService<AdminRouter>().HandleAsync, new EndpointMetadataCollection(new NotTraffic()), "admin"));
            return next(context);
        });
    }
}
