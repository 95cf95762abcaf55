using Baton.Configuration;
using Baton.Handover;
using Baton.Handover.Hosting;
using Baton.Requests;
using Baton.Tracing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Features;

/// <summary>Traces and metrics for an OpenTelemetry collector, if one is configured.</summary>
internal static class Telemetry
{
    public static void AddTelemetry(this IServiceCollection services, Generation generation, TelemetryOptions options)
    {
        if (!IsWanted(options) || generation.IsRehearsal) // A rehearsal serves nobody.
            return;
        services.AddSingleton(options);
        services.AddSingleton<TelemetryMeter>();
        services.AddSingleton<IRequestObserver, RequestTelemetry>();
        services.AddSingleton<IHandoverObserver>(provider => provider.GetRequiredService<TelemetryMeter>());
        services.AddSingleton<TelemetryExport>();
    }

    /// <summary>Begins to send; what is not sent yet when the process ends has a moment to be.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        if (app.Services.GetService<TelemetryMeter>() is not { } meter)
            return;
        meter.Watch(app.Services.GetRequiredService<HandoverStatus>());
        app.Services.GetRequiredService<TelemetryExport>();
    }

    private static bool IsWanted(TelemetryOptions options) =>
        options.Endpoint is not null || ProcessEnvironment.Get("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 };
}
