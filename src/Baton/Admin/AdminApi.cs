using Baton.Canary;
using Baton.Handover;
using Microsoft.AspNetCore.Http;

namespace Baton.Admin;

/// <summary>What the admin interface itself answers.</summary>
internal sealed class AdminApi(StatusSource status, HealthAnswers health, Upgrader upgrader, DrainSwitch drain, CanaryTokens canaries)
{
    public IReadOnlyList<AdminRoute> Routes =>
    [
        new("GET", "/status", StatusAsync),
        new("GET", "/healthz", health.AliveAsync),
        new("GET", "/readyz", health.ReadyAsync),
        new("POST", "/upgrade", UpgradeAsync),
        new("POST", "/drain", context => DrainAsync(context, isOn: true)),
        new("POST", "/undrain", context => DrainAsync(context, isOn: false)),
        new("POST", "/canary", CanaryAsync),
    ];

    private Task StatusAsync(HttpContext context) => AdminAnswer.WriteAsync(context, StatusCodes.Status200OK, status.Look(), AdminFormat.Default.StatusDocument);

    // Answered with what was so before: whoever follows the upgrade tells its report from those by it.
    private Task UpgradeAsync(HttpContext context)
    {
        var before = status.Look();
        upgrader.RequestUpgrade(Origin(context));
        return AdminAnswer.WriteAsync(context, StatusCodes.Status202Accepted, before, AdminFormat.Default.StatusDocument);
    }

    private Task DrainAsync(HttpContext context, bool isOn)
    {
        drain.Set(isOn, Origin(context));
        return StatusAsync(context);
    }

    private Task CanaryAsync(HttpContext context) =>
        AdminAnswer.WriteAsync(context, StatusCodes.Status200OK, new CanaryDocument(canaries.Issue()), AdminFormat.Default.CanaryDocument);

    private static string Origin(HttpContext context) => context.Features.Get<AdminConnection>() is { IsTcp: true } ? "the admin address" : "the admin socket";
}
