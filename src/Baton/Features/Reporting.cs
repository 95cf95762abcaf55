using Baton.Handover;
using Baton.Reports;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Features;

/// <summary>Remembers what the last upgrades did. To be added before who is told of them, so that it knows them first.</summary>
internal static class Reporting
{
    public static void AddReporting(this IServiceCollection services)
    {
        services.AddSingleton<ReportHistory>();
        services.AddSingleton<IHandoverObserver>(provider => provider.GetRequiredService<ReportHistory>());
        services.AddSingleton<IStatePart>(provider => provider.GetRequiredService<ReportHistory>());
    }
}
