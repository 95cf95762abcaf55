using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Admin.Browser;

/// <summary>The page of a real daemon, while generations follow one another behind it.</summary>
public sealed class LivePageTests(Chromium chromium)
{
    // Every state of the lamp since the page was opened, and a mark that a reload would take away.
    private const string Watch = """
        window.mark = 'kept';
        window.states = [];
        new MutationObserver(() => states.push(document.getElementById('link').dataset.state)).observe(document.getElementById('link'), { attributes: true });
        """;

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
        await page.Page.EvaluateAsync(Watch);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };

        for (var generation = 2; generation <= 3; generation++)
        {
            backend.Held.Close();
            var held = client.GetAsync(new Uri($"/held?id=held-{generation}", UriKind.Relative), Token);
            await backend.WaitForInFlightAsync(1, Token);
            await daemon.UpgradeAsync();

            await page.WaitAsync($"document.getElementById('sentence').textContent.startsWith('Generation {generation} serves since')");
            await page.WaitAsync($"/Generation {generation - 1} drains: 1 request/.test(document.getElementById('sentence').textContent)");
            Assert.Contains("1 request of all", await page.TextAsync("generation-table"), StringComparison.Ordinal);
            backend.Held.Open();
            using var answer = await held;
            Assert.True(answer.IsSuccessStatusCode);
            await daemon.WaitForOneProcessAsync();
            await page.WaitAsync($"document.querySelectorAll('#upgrade-table tbody tr').length === {generation - 1}");
            await page.WaitAsync($"document.getElementById('sentence').textContent.includes('Generation {generation - 1}') === false");
            Assert.Equal(generation - 1, await page.Page.Locator("#timeline circle.joint").CountAsync());
            Assert.Contains($"{generation - 1} → {generation}", await page.TextAsync("upgrade-table"), StringComparison.Ordinal);
        }

        await traffic.StopAsync(Token);
        traffic.AssertNothingLost();
        Assert.Equal("kept", await page.Page.EvaluateAsync<string>("mark"));
        Assert.DoesNotContain("reconnecting", await page.Page.EvaluateAsync<string[]>("states"));
        await page.WaitForLinkAsync("live");
        await page.AssertCleanAsync();
        daemon.AssertNoUnexpectedWarnings();
    }
}
