using Baton.Handover;
using Microsoft.AspNetCore.Http;

namespace Baton.Admin;

/// <summary>
/// The answers to <c>GET /healthz</c> and <c>GET /readyz</c>, a line of text each: whether the daemon lives, and whether it is
/// to get traffic. It stays ready through an upgrade, in both generations, and no longer is from SIGTERM on, nor
/// while it is drained for a load balancer. One that prepares
/// accepts nothing: who asks it waits, so an answer alone says that it serves, even if its phase is about to follow.
/// </summary>
internal sealed class HealthAnswers(Generation generation, Upgrader upgrader, DrainSwitch drain, string config)
{
    /// <summary>In the query: the configuration that the daemon must run with, so that nobody takes another for it.</summary>
    public const string Configuration = "configuration";

    public Task AliveAsync(HttpContext context) => AnswerAsync(context, StatusCodes.Status200OK, $"alive: generation {generation.Number} (pid {generation.Pid}, version {generation.Version})");

    public Task ReadyAsync(HttpContext context) => upgrader.Phase switch
    {
        HandoverPhase.Stopping => NotReadyAsync(context, "was asked to end"),
        HandoverPhase.Exiting when !upgrader.HasSuccessor => NotReadyAsync(context, "was asked to end"),
        _ when drain.IsOn => NotReadyAsync(context, "was drained by an operator"),
        _ => AnswerAsync(context, StatusCodes.Status200OK, $"ready: generation {generation.Number} (pid {generation.Pid}, version {generation.Version})"),
    };

    private Task NotReadyAsync(HttpContext context, string why) =>
        AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, $"not ready: generation {generation.Number} (pid {generation.Pid}) {why}");

    private Task AnswerAsync(HttpContext context, int code, FormattableString text)
    {
        if (context.Request.Query[Configuration] is [{ } wanted] && wanted != config)
            (code, text) = (StatusCodes.Status421MisdirectedRequest, $"a daemon that runs with {config}");
        context.Response.StatusCode = code;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(FormattableString.Invariant($"{text}\n"), context.RequestAborted);
    }
}
