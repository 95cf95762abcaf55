using Baton.Admin;
using Baton.Handover;
using Xunit;

namespace Baton.Tests.Admin.Browser;

/// <summary>What the page shows, and what it does when the daemon does not answer, or not to everybody.</summary>
public sealed class PageTests(Chromium chromium)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_the_state_in_words_and_everything_in_tables()
    {
        await using var daemon = await FakeDaemon.StartAsync(Token);
        daemon.Metrics.ErrorsPerScrape["api"] = 10;
        await using var page = await chromium.OpenAsync(daemon.Address);
        await page.WaitForLinkAsync("live");
        await page.WaitAsync("document.getElementById('rate').textContent !== '–'");

        var sentence = await page.TextAsync("sentence");
        Assert.StartsWith("Generation 3 serves since ", sentence, StringComparison.Ordinal);
        Assert.EndsWith("Generation 2 drains: 5 requests, 1 tunnel, 6 connections.", sentence, StringComparison.Ordinal);
        Assert.Equal("Baton: generation 3", await page.Page.TitleAsync());
        Assert.Equal(("20%", "3"), (await page.TextAsync("errors"), await page.TextAsync("active")));

        Assert.Contains("1 tunnel of chat, the oldest 3 h", await page.TextAsync("generation-table"), StringComparison.Ordinal);
        Assert.Contains("3 probes in a row failed, the last 2 s ago", await page.TextAsync("destination-table"), StringComparison.Ordinal);
        var upgrades = await page.TextAsync("upgrade-table");
        Assert.True(upgrades.IndexOf("failed", StringComparison.Ordinal) < upgrades.IndexOf("completed", StringComparison.Ordinal), upgrades);
        Assert.Contains("2 requests of api cut.", upgrades, StringComparison.Ordinal);
        var certificates = await page.TextAsync("certificate-table");
        Assert.Matches("(?s)expired 2 days ago.*5 days.*74 days", certificates);
        Assert.Matches("api.*p99", await page.Page.GetByRole(Microsoft.Playwright.AriaRole.Img, new() { NameRegex = new("Latency.*by route") }).GetAttributeAsync("aria-label") ?? "");
        await page.AssertCleanAsync();
    }

    [Fact]
    public async Task Names_with_markup_in_them_are_text()
    {
        await using var daemon = await FakeDaemon.StartAsync(Token);
        daemon.Metrics.PerScrape[FakeStatus.Hostile] = 400;
        await using var page = await chromium.OpenAsync(daemon.Address);
        await page.WaitAsync("document.getElementById('route-table').textContent.includes('onerror')");
        await page.Page.Locator("#route-plots details").First.Locator("summary").ClickAsync();
        await page.WaitAsync("document.querySelector('#route-plots details table')?.textContent.includes('onerror')");

        Assert.Contains(FakeStatus.Hostile, await page.TextAsync("route-table"), StringComparison.Ordinal);
        Assert.Contains(FakeStatus.Hostile, await page.TextAsync("upgrade-table"), StringComparison.Ordinal);
        Assert.Contains(FakeStatus.Hostile, await page.TextAsync("generation-table"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Page.Locator("img").CountAsync());
        Assert.Equal("Baton: generation 3", await page.Page.TitleAsync());
        await page.AssertCleanAsync();
    }

    [Fact]
    public async Task Without_an_answer_it_says_so_and_goes_on_by_itself()
    {
        await using var daemon = await FakeDaemon.StartAsync(Token);
        await using var page = await chromium.OpenAsync(daemon.Address);
        await page.WaitForLinkAsync("live");

        daemon.IsGone = true;
        await page.WaitForLinkAsync("reconnecting");
        daemon.Metrics.Reset();
        daemon.Status = FakeStatus.Ordinary() with { Generation = 1, Generations = [new GenerationDocument { Number = 1, Pid = 9, Version = "0.2.0", Phase = HandoverPhase.Serving }], Version = "0.2.0" };
        daemon.IsGone = false;
        await page.WaitForLinkAsync("live");

        await page.WaitAsync("document.getElementById('sentence').textContent.startsWith('Generation 1 serves')");
        Assert.Equal("Generation 1 serves.", await page.TextAsync("announcer"));
        Assert.Equal("Version 0.2.0 serves now. Reload for its page", await page.TextAsync("newer"));
        // The counters have begun anew, and no rate is below zero.
        Assert.DoesNotContain("-", await page.TextAsync("route-table"), StringComparison.Ordinal);
        await page.AssertCleanAsync(unanswered: true);
    }

    [Fact]
    public async Task Where_a_token_is_needed_it_asks_for_it_and_keeps_it_for_the_tab()
    {
        const string secret = "a-token-of-the-tests-2846";
        await using var daemon = await FakeDaemon.StartAsync(Token);
        daemon.Token = secret;
        await using var page = await chromium.OpenAsync(daemon.Address);
        await page.WaitForLinkAsync("locked");
        Assert.False(await page.Id("instrument").IsVisibleAsync());
        Assert.Equal("token-value", await page.Page.EvaluateAsync<string>("document.activeElement.id"));

        await page.Page.Keyboard.TypeAsync("wrong");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.WaitAsync("document.getElementById('token-error').textContent !== ''");
        await page.Id("token-value").FillAsync(secret);
        await page.Page.Keyboard.PressAsync("Enter");
        await page.WaitForLinkAsync("live");
        Assert.False(await page.Id("token").IsVisibleAsync());
        Assert.True(await page.Id("instrument").IsVisibleAsync());

        await page.Page.ReloadAsync();
        await page.WaitForLinkAsync("live");
        Assert.DoesNotContain(page.Requests, request => request.Contains(secret, StringComparison.Ordinal));
        await page.AssertCleanAsync(unanswered: true);
    }

    [Fact]
    public async Task Without_metrics_the_rest_is_there()
    {
        await using var daemon = await FakeDaemon.StartAsync(Token);
        daemon.HasMetrics = false;
        await using var page = await chromium.OpenAsync(daemon.Address);

        await page.WaitForLinkAsync("live");

        Assert.True(await page.Id("no-metrics").IsVisibleAsync());
        Assert.Contains("app/green", await page.TextAsync("destination-table"), StringComparison.Ordinal);
        await page.AssertCleanAsync(unanswered: true);
    }
}
