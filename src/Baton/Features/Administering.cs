using Baton.Admin;
using Baton.Configuration;
using Baton.Handover;
using Baton.Handover.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Baton.Features;

/// <summary>The admin interface: HTTP and JSON on listeners of its own.</summary>
internal static class Administering
{
    /// <exception cref="HandoverException">The path that the configuration names for the socket cannot be used.</exception>
    public static void AddAdmin(this WebApplicationBuilder builder, Generation generation, LoadedConfiguration configuration)
    {
        var (options, file, services) = (configuration.Options.Admin, configuration.Settings.File, builder.Services);
        var listeners = AdminListeners.Open(generation, options, file);
        services.AddSingleton(listeners);
        services.Configure<KestrelServerOptions>(listeners.Listen);
        services.AddSingleton(new AdminGuard(options.Token));
        services.AddSingleton<DrainSwitch>();
        services.AddSingleton<IStatePart>(provider => provider.GetRequiredService<DrainSwitch>());
        services.AddSingleton<EventHistory>();
        services.AddSingleton<IHandoverObserver>(provider => provider.GetRequiredService<EventHistory>());
        services.AddSingleton<IStatePart>(provider => provider.GetRequiredService<EventHistory>());
        services.AddSingleton<EventStreams>();
        services.AddSingleton<ClusterSource>();
        services.AddSingleton<CertificateSource>();
        services.AddSingleton<ConfigSource>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<StatusSource>(provider, file));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<HealthAnswers>(provider, file));
        services.AddSingleton<AdminApi>();
        services.AddSingleton<AdminRouter>();
    }

    /// <summary>Add it before routing: what comes in on its listeners has its endpoint then, and no route can have it.</summary>
    public static void UseAdmin(this WebApplication app)
    {
        if (app.Services.GetRequiredService<AdminListeners>().Socket.Missing is { } reason)
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<AdminSocket>().NoAdminSocket(reason);

        app.Lifetime.ApplicationStarted.Register(() => app.Services.GetRequiredService<CertificateSource>());
        Endpoint? endpoint = null;
        app.Use((context, next) =>
        {
            if (context.Features.Get<AdminConnection>() is not null)
                context.SetEndpoint(endpoint ??= new Endpoint(app.Services.GetRequiredService<AdminRouter>().HandleAsync, new EndpointMetadataCollection(new NotTraffic()), "admin"));
            return next(context);
        });
    }
}
