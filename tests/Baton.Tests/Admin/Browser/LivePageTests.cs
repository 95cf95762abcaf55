using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Admin.Browser;

/// <summary>The page of a real daemon, while generations follow one another behind it.</summary>
public sealed class LivePageTests(Chromium chromium)
{
    // Of the first plot, requests per second by route: its hand-overs, and of how many pieces its one line is.
    private const string Plot = "document.querySelector('#route-plots .plot')";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_stays_live_over_two_upgrades_of_the_very_process_that_serves_it()
    {
        var port = FreePort.Next();
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address)
            .Baton("Admin:Address", $"127.0.0.1:{port}").Baton("Probation", "00:00:00.500").Baton("IdleLinger", "00:00:00.200"));
        await using var traffic = new Traffic(TimeSpan.FromMinutes(2), backend).Add(new KeepAliveClient(daemon.Port, connections: 2, longestPauseMilliseconds: 40));
        await traffic.StartAsync(Token);
        await using var page = await chromium.OpenAsync($"http://127.0.0.1:{port}/");
        await page.WaitForLinkAsync("live");
        await page.Page.EvaluateAsync("window.mark = 'kept'"); // A reload would take it away.
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };

        for (var generation = 2; generation <= 3; generation++)
        {
            backend.Held.Close();
            var held = client.GetAsync(new Uri($"/held?id=held-{generation}", UriKind.Relative), Token);
            await backend.WaitForAsync($"held-{generation}", Token);
            await daemon.UpgradeAsync();

            await page.WaitAsync($"document.getElementById('sentence').textContent.startsWith('Generation {generation} serves since')");
            await page.WaitAsync($"/Generation {generation - 1} drains: 1 request/.test(document.getElementById('sentence').textContent)");
            Assert.Contains("1 request of all", await page.TextAsync("generation-table"), StringComparison.Ordinal);
            backend.Held.Open();
            using var answer = await held;
            Assert.True(answer.IsSuccessStatusCode);
            await daemon.WaitForOneProcessAsync();
            await page.WaitAsync($"document.getElementById('upgrade-table').textContent.includes('{generation - 1} → {generation}')");
            Assert.Equal(generation - 1, await page.Page.Locator("#upgrade-table tbody tr").CountAsync());
            await page.WaitAsync($"document.getElementById('sentence').textContent.includes('Generation {generation - 1}') === false");
            Assert.Equal(generation - 1, await page.Page.Locator("#timeline circle.joint").CountAsync());
        }

        // The plot goes on: over both hand-overs, with requests behind the last, and with no hole in it.
        await page.WaitAsync($"{Plot}.querySelectorAll('.handover').length === 2");
        await page.WaitAsync("parseFloat(document.getElementById('rate').textContent) > 0");
        Assert.Equal(1, await page.Page.EvaluateAsync<int>($"{Plot}.querySelector('path.line').getAttribute('d').split('M').length - 1"));

        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        Assert.Equal("kept", await page.Page.EvaluateAsync<string>("mark"));
        Assert.Equal("live", await page.TextAsync("link"));
        Assert.Empty(page.Unanswered);
        await page.AssertCleanAsync();
        daemon.AssertNoUnexpectedWarnings();
    }
}
