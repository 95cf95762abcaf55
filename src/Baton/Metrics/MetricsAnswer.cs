using Baton.Handover;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Baton.Metrics;

/// <summary>The answer to <c>GET /metrics</c>.</summary>
internal sealed class MetricsAnswer(MetricsStore store, ServiceGauges service, ProcessFigures process, Upgrader upgrader)
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    public async Task WriteAsync(HttpContext context)
    {
        // What is shown was told before, so that a rollback takes nothing back.
        await upgrader.TellPredecessorAsync(context.RequestAborted);
        var families = store.Show(upgrader.IsMain);

        var isOpenMetrics = WantsOpenMetrics(context.Request.Headers.Accept);
        context.Response.ContentType = isOpenMetrics ? OpenMetrics : Text;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Vary = HeaderNames.Accept;
        var body = context.Response.BodyWriter;
        var writer = new ExpositionWriter(body, isOpenMetrics);
        foreach (var family in families)
        {
            writer.Write(family);
            await body.FlushAsync(context.RequestAborted);
        }

        foreach (var gauge in (await service.LookAsync()).Concat(process.Look()))
            writer.Write(gauge);
        writer.End();
        await body.FlushAsync(context.RequestAborted);
    }

    // Only to who names it, in a version that we write, and does not like the older one better.
    private static bool WantsOpenMetrics(IReadOnlyList<string?> accept)
    {
        if (!MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var wanted))
            return false;
        double Quality(string type, params string[] versions) =>
            wanted.Where(one => one.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) && versions.Contains(VersionOf(one))).Select(one => one.Quality ?? 1).DefaultIfEmpty(0).Max();
        var openMetrics = Quality("application/openmetrics-text", "", "1.0.0", "0.0.1");
        return openMetrics > 0 && openMetrics >= Quality("text/plain", "", "0.0.4");
    }

    private static string VersionOf(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))?.Value.ToString() ?? "";
}
