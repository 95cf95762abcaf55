using System.Net;
using Baton.Admin;
using Baton.Admin.Page;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Baton.Tests.Admin.Browser;

/// <summary>
/// The daemon's own page and documents, with whatever a test wants them to tell: what a real daemon is in only for a moment, or
/// after months.
/// </summary>
internal sealed class FakeDaemon : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FakeDaemon()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public string Address => _application.Urls.Single();

    public StatusDocument Status { get; set; } = FakeStatus.Ordinary();

    public FakeMetrics Metrics { get; } = new();

    /// <summary>Whether there is GET /metrics.</summary>
    public bool HasMetrics { get; set; } = true;

    /// <summary>What requests must carry, if anything.</summary>
    public string? Token { get; set; }

    /// <summary>Whether connections break instead of being answered.</summary>
    public bool IsGone { get; set; }

    public static async Task<FakeDaemon> StartAsync(CancellationToken cancellationToken)
    {
        var daemon = new FakeDaemon();
        await daemon._application.StartAsync(cancellationToken);
        return daemon;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        if (IsGone)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        var path = context.Request.Path.Value;
        if (PageFiles.All.FirstOrDefault(file => file.Path == path) is { } file)
            return file.WriteAsync(context);
        if (Token is not null && context.Request.Headers.Authorization != $"Bearer {Token}")
            return AdminAnswer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "Send the token.");
        return path switch
        {
            "/status" => AdminAnswer.WriteAsync(context, StatusCodes.Status200OK, Status, AdminFormat.Default.StatusDocument),
            "/upgrades" => AdminAnswer.WriteAsync(context, StatusCodes.Status200OK, new UpgradesDocument(Status.Reports), AdminFormat.Default.UpgradesDocument),
            "/events" => HoldAsync(context),
            "/metrics" when HasMetrics => context.Response.WriteAsync(Metrics.Scrape()),
            _ => AdminAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "There is none."),
        };
    }

    // An event stream in which nothing happens.
    private async Task HoldAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.StartAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _application.Lifetime.ApplicationStopping).Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
