using Baton.Handover;
using Baton.Warmup;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Features;

/// <summary>Runs the path of a request before the generation is ready.</summary>
internal static class WarmingUp
{
    public static void AddWarmUp(this IServiceCollection services) => services.AddSingleton<IPreparation, WarmUp>();
}
