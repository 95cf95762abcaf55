using Baton.Canary;
using Baton.Handover;
using Baton.Reports;
using Microsoft.AspNetCore.Http;

namespace Baton.Admin;

/// <summary>
/// What the admin interface itself answers. Nothing waits for an upgrade: it would be in flight in the predecessor, and hold up
/// the very drain that it waits for. A rehearsal is waited for: no drain follows it.
/// </summary>
internal sealed class AdminApi(
    StatusSource status,
    ReportHistory reports,
    ConfigSource config,
    EventStreams events,
    HealthAnswers health,
    Upgrader upgrader,
    DrainSwitch drain,
    CanaryTokens canaries)
{
    public IReadOnlyList<AdminRoute> Routes =>
    [
        new("GET", "/status", StatusAsync),
        new("GET", "/upgrades", UpgradesAsync),
        new("GET", "/config", ConfigAsync),
        new("GET", "/events", events.AnswerAsync),
        new("GET", "/healthz", health.AliveAsync),
        new("GET", "/readyz", health.ReadyAsync),
        new("GET", "/openapi.json", OpenApi.WriteAsync),
        new("POST", "/upgrade", UpgradeAsync),
        new("POST", "/drain", context => DrainAsync(context, isOn: true)),
        new("POST", "/undrain", context => DrainAsync(context, isOn: false)),
        new("POST", "/canary", CanaryAsync),
    ];

    private async Task StatusAsync(HttpContext context) =>
        await AdminAnswer.WriteAsync(context, StatusCodes.Status200OK, await status.LookAsync(), AdminFormat.Default.StatusDocument);

    private Task UpgradesAsync(HttpContext context) =>
        AdminAnswer.WriteAsync(context, StatusCodes.Status200OK, new UpgradesDocument(reports.Reports), AdminFormat.Default.UpgradesDocument);

    private Task ConfigAsync(HttpContext context) =>
        AdminAnswer.WriteAsync(context, StatusCodes.Status200OK, config.Look(), AdminFormat.Default.ConfigDocument);

    // Answered with what was so before: whoever follows the upgrade tells its report from those by it.
    private async Task UpgradeAsync(HttpContext context)
    {
        if (context.Request.Query.TryGetValue("dryRun", out var text))
        {
            if (!bool.TryParse(text, out var isDryRun))
            {
                await AdminAnswer.WriteAsync(
                    context, StatusCodes.Status400BadRequest, new ErrorDocument($"dryRun is '{text}', but it must be true or false."), AdminFormat.Default.ErrorDocument);
                return;
            }

            if (isDryRun)
            {
                await RehearseAsync(context);
                return;
            }
        }

        var before = await status.LookAsync();
        upgrader.RequestUpgrade(Origin(context));
        await AdminAnswer.WriteAsync(context, StatusCodes.Status202Accepted, before, AdminFormat.Default.StatusDocument);
    }

    private async Task RehearseAsync(HttpContext context)
    {
        try
        {
            var report = await upgrader.RehearseAsync(Origin(context)).WaitAsync(context.RequestAborted);
            await AdminAnswer.WriteAsync(context, StatusCodes.Status200OK, report, AdminFormat.Default.UpgradeReport);
        }
        catch (HandoverException e)
        {
            await AdminAnswer.WriteAsync(context, StatusCodes.Status409Conflict, new ErrorDocument(string.Join(" ", e.Reasons)), AdminFormat.Default.ErrorDocument);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone. The rehearsal goes on to its end, and the log has its report.
        }
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
