using System.Globalization;
using System.Net.Mime;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Baton.Features;

/// <summary>The text of the built-in page, plain for curl and in HTML for browsers.</summary>
internal sealed class DemoPage
{
    private const string Title = "Baton serves.";
    private const string Next = "No route is configured, so this built-in page answers. Add routes and clusters to the configuration file: they take effect at once. Replace the running binary:";

    private readonly string _text;
    private readonly string _html;

    public DemoPage(int generation, int pid, string version, DateTimeOffset startedAt)
    {
        (string Name, string Value)[] facts =
        [
            ("generation", generation.ToString(CultureInfo.InvariantCulture)),
            ("pid", pid.ToString(CultureInfo.InvariantCulture)),
            ("version", version),
            ("started", startedAt.ToString("u", CultureInfo.InvariantCulture)),
        ];
        var upgrade = string.Create(CultureInfo.InvariantCulture, $"kill -HUP {pid}");
        _text = $"""
            {Title}

            {string.Join('\n', facts.Select(fact => $"{fact.Name,-11} {fact.Value}"))}

            {Next} {upgrade}

            """;
        _html = $$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{{Title}}</title>
            <style>
              body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }
              dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem }
              dd { margin: 0; font-variant-numeric: tabular-nums }
            </style>
            <h1>{{Title}}</h1>
            <dl>{{string.Concat(facts.Select(fact => $"<dt>{fact.Name}</dt><dd>{HtmlEncoder.Default.Encode(fact.Value)}</dd>"))}}</dl>
            <p>{{Next}} <code>{{upgrade}}</code></p>
            </html>

            """;
    }

    public Task WriteAsync(HttpContext context)
    {
        var html = context.Request.Headers.Accept.Any(accept => accept?.Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase) == true);
        context.Response.Headers.CacheControl = "no-store"; // the next generation has another page
        context.Response.Headers.Vary = "Accept";
        context.Response.ContentType = $"{(html ? MediaTypeNames.Text.Html : MediaTypeNames.Text.Plain)}; charset=utf-8";
        return context.Response.WriteAsync(html ? _html : _text, context.RequestAborted);
    }
}
