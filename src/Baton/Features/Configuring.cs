using Baton.Configuration;
using Baton.Handover;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace Baton.Features;

/// <summary>Gives the application its loaded configuration, and lets routes and clusters follow the file.</summary>
internal static class Configuring
{
    public static void AddConfiguration(this WebApplicationBuilder builder, ConfigurationLoader loader, LoadedConfiguration configuration)
    {
        var source = new SettingsSource(configuration.Settings);
        builder.Configuration.Sources.Add(source);
        builder.Services.AddSingleton(source);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new LiveReload(
            loader,
            configuration,
            source,
            services.GetRequiredService<InMemoryConfigProvider>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<LiveReload>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveReload>());
        builder.Services.AddSingleton<IHandoverObserver>(services => services.GetRequiredService<LiveReload>());
    }
}
