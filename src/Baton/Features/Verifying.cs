using Baton.Admin;
using Baton.Canary;
using Baton.Handover;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Features;

/// <summary>Answers the canaries of <c>baton upgrade --verify</c>; to everybody else they do not exist.</summary>
internal static class Verifying
{
    public static void AddCanaries(this IServiceCollection services)
    {
        services.AddSingleton(provider => new CanaryKey(provider.GetRequiredService<AdminListeners>().Socket.Path));
        services.AddSingleton<IHandoverObserver>(provider => provider.GetRequiredService<CanaryKey>());
        services.AddSingleton<CanaryTokens>();
        services.AddSingleton<CanaryEndpoint>();
    }

    /// <summary>Add it before routing: a request with a token has its endpoint then, and one without goes to the routes.</summary>
    public static void UseCanaries(this WebApplication app)
    {
        var tokens = app.Services.GetRequiredService<CanaryTokens>();
        var canaries = app.Services.GetRequiredService<CanaryEndpoint>();
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(CanaryPaths.Prefix, StringComparison.Ordinal)
                && context.Request.Headers.TryGetValue(CanaryPaths.Header, out var token)
                && tokens.IsValid(token.ToString()))
                context.SetEndpoint(canaries.Endpoint);
            return next(context);
        });
    }
}
