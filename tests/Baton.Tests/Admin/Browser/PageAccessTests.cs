using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Baton.Tests.Admin.Browser;

/// <summary>The page on a phone, in the dark, by keyboard and read aloud.</summary>
public sealed class PageAccessTests(Chromium chromium)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1400, ColorScheme.Light)]
    [InlineData(1400, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_and_nothing_is_wider_than_the_screen(int width, ColorScheme scheme)
    {
        await using var daemon = await FakeDaemon.StartAsync(Token);
        daemon.Metrics.PerScrape[FakeStatus.Hostile + new string('w', 80)] = 30;
        daemon.Metrics.ErrorsPerScrape["api"] = 10;
        await using var page = await chromium.OpenAsync(daemon.Address, width, scheme: scheme);
        await page.WaitAsync("document.querySelectorAll('#route-table tbody tr').length === 2 && document.querySelector('#route-plots path.line')");
        foreach (var summary in await page.Page.Locator("summary").AllAsync())
            await summary.ClickAsync();

        // Contrast of at least 4.5 to 1, names of everything, headings and landmarks among its rules.
        var result = await page.Page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } });

        Assert.True(result.Passes.Length > 20, $"only {result.Passes.Length} rules were looked at");
        Assert.Contains(result.Passes, rule => rule.Id == "color-contrast");
        Assert.Empty(result.Violations.Select(rule => $"{rule.Id}: {string.Join(" | ", rule.Nodes.Select(node => node.Html))}"));
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.AssertCleanAsync();
    }

    [Fact]
    public async Task Everything_that_can_be_used_is_reached_by_keyboard_and_shows_that_it_is()
    {
        await using var daemon = await FakeDaemon.StartAsync(Token);
        await using var page = await chromium.OpenAsync(daemon.Address);
        await page.WaitForLinkAsync("live");
        await page.WaitAsync("document.querySelectorAll('#route-table tbody tr').length === 1");
        const string place = "document.activeElement === document.body ? '' : (document.activeElement.textContent + '|' + (document.activeElement.getAttribute('aria-label') ?? ''))";
        var wanted = await page.Page.EvaluateAsync<int>("[...document.querySelectorAll('a[href], button, input, summary, [tabindex=\"0\"]')].filter((node) => node.checkVisibility()).length");

        var reached = 0;
        for (; reached <= wanted; reached++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            if (await page.Page.EvaluateAsync<string>(place) is "")
                break;
            Assert.Equal("solid 2px", await page.Page.EvaluateAsync<string>("(() => { const style = getComputedStyle(document.activeElement); return style.outlineStyle + ' ' + style.outlineWidth; })()"));
        }

        Assert.Equal(wanted, reached);
        Assert.True(wanted >= 12, $"{wanted} places");

        await page.Page.Locator("#route-plots summary").First.FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.WaitAsync("document.querySelector('#route-plots details[open] table tbody tr')");
        await page.AssertCleanAsync();
    }

    [Fact]
    public async Task A_screen_reader_is_told_of_landmarks_tables_and_plots()
    {
        await using var daemon = await FakeDaemon.StartAsync(Token);
        await using var page = await chromium.OpenAsync(daemon.Address);
        await page.WaitAsync("document.querySelector('#destination-plots path.line')");

        var tree = await page.Page.Locator("body").AriaSnapshotAsync();

        foreach (var part in new[]
        {
            "- banner:", "- main:", "- contentinfo:", "heading \"Baton\" [level=1]", "heading \"Generations\" [level=2]", "region \"Upgrades\"",
            "img \"Time line of generations: generation 3 serves since", "img \"Requests per second by route", "img \"Latency, p99 and (thin) p50 by destination",
            "table \"Certificates that the endpoints show", "columnheader \"Days left\"", "rowheader \"app/green\"",
        })
            Assert.Contains(part, tree, StringComparison.Ordinal);
        // Numbers tick every second: what is told unasked are the phases alone.
        Assert.Equal(["announcer"], await page.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('[aria-live], [role=status], [role=log], output')].map((node) => node.id)"));
    }

    [Fact]
    public async Task Nothing_moves_for_whoever_does_not_want_it()
    {
        await using var daemon = await FakeDaemon.StartAsync(Token);
        await using var still = await chromium.OpenAsync(daemon.Address, motion: ReducedMotion.Reduce);
        await using var moving = await chromium.OpenAsync(daemon.Address);
        await still.WaitForLinkAsync("live");
        await moving.WaitForLinkAsync("live");

        Assert.Equal((0, 1), (await still.Page.EvaluateAsync<int>("document.getAnimations().length"), await moving.Page.EvaluateAsync<int>("document.getAnimations().length")));
    }
}
