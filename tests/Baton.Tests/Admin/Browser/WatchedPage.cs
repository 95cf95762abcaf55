using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;

namespace Baton.Tests.Admin.Browser;

/// <summary>A page in the browser, with everything that it asked for and complained of.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    // What the page asks while nobody answers, the browser writes into its console by itself.
    private const string NoAnswer = "Failed to load resource";

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _unanswered = new();

    private WatchedPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Enqueue($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Enqueue($"thrown: {error}");
        page.Request += (_, request) => _requests.Enqueue(request.Url);
        page.RequestFailed += (_, request) =>
        {
            // The end of an event stream, which the page reads as an end, chromium tells as a failure.
            if (!request.Url.EndsWith("/events", StringComparison.Ordinal))
                _unanswered.Enqueue($"{request.Url}: {request.Failure}");
        };
    }

    public IPage Page { get; }

    /// <summary>Every address that was asked for, in order.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>The requests that got no answer, with the reason; event streams are not among them.</summary>
    public IReadOnlyCollection<string> Unanswered => _unanswered;

    public static async Task<WatchedPage> OpenAsync(IBrowserContext context, string address)
    {
        var page = new WatchedPage(context, await context.NewPageAsync());
        // A violation of the policy is told in the console as well, but only this names what it was.
        await page.Page.AddInitScriptAsync("window.violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI));");
        await page.Page.GotoAsync(address);
        return page;
    }

    public ILocator Id(string id) => Page.Locator($"#{id}");

    public Task<string> TextAsync(string id) => Id(id).InnerTextAsync();

    /// <summary>Waits until a script is true in the page.</summary>
    /// <exception cref="TimeoutException">It is not in time; with what the page shows instead.</exception>
    public async Task WaitAsync(string condition, int seconds = 30)
    {
        // Asked again and again from here: Playwright's own way of waiting needs eval, which the page's policy forbids.
        var start = TimeProvider.System.GetTimestamp();
        while (!await Page.EvaluateAsync<bool>($"Boolean({condition})"))
        {
            if (TimeProvider.System.GetElapsedTime(start).TotalSeconds > seconds)
                throw new TimeoutException($"Not so after {seconds} s: {condition}\nThe page shows:\n{await Page.Locator("body").InnerTextAsync()}\n{string.Join('\n', _complaints)}");
            await Task.Delay(20);
        }
    }

    public Task WaitForLinkAsync(string state) => WaitAsync($"document.getElementById('link').dataset.state === '{state}'");

    /// <summary>Fails on any complaint of the browser, and on any request that left the origin of the page.</summary>
    /// <param name="unanswered">Whether requests were to fail.</param>
    public async Task AssertCleanAsync(bool unanswered = false)
    {
        Assert.Empty(await Page.EvaluateAsync<string[]>("violations"));
        Assert.DoesNotContain(_complaints, complaint => !unanswered || !complaint.Contains(NoAnswer, StringComparison.Ordinal));
        var origin = new Uri(Page.Url).GetLeftPart(UriPartial.Authority);
        Assert.NotEmpty(_requests);
        Assert.DoesNotContain(_requests, request => !request.StartsWith(origin + "/", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
