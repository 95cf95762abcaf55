using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Metrics;

/// <summary>The metrics are one series over all generations: no gap, no fall, nothing counted twice, nothing lost.</summary>
public sealed class ContinuityTests
{
    private const string Count = "http_server_request_duration_seconds_count";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_ten_upgrades_under_load_no_scrape_fails_no_counter_falls_and_the_sum_is_what_was_sent()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = new ConfigBuilder().Listen().ForwardTo(backend.Address).Baton("DrainTimeout", "00:00:20").Baton("Probation", "00:00:00.300");
        await using var daemon = await DaemonProcess.StartAsync(config);
        await using var traffic = new Traffic(TimeSpan.FromMinutes(3), backend).Add(
            new KeepAliveClient(daemon.Port, connections: 4, longestPauseMilliseconds: 20),
            new ConnectionPerRequestClient(daemon.Port),
            new InFlightClient(daemon.Port, 4, 1500),
            new InFlightClient(daemon.Port, 2, 4000));
        var scraper = new Scraper(daemon.AdminSocket);
        using var stop = new CancellationTokenSource();
        await traffic.StartAsync(Token);
        var scraping = scraper.RunAsync(stop.Token);

        for (var upgrade = 0; upgrade < 10; upgrade++)
        {
            await daemon.UpgradeAsync();
            await traffic.WaitForAnswersAsync(1, cancellationToken: Token);
        }

        await traffic.StopAsync(Token);
        await daemon.WaitForOneProcessAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await scraping;
        traffic.AssertNothingLost();
        var answered = traffic.Reports.Sum(report => report.Answered);
        var last = await scraper.UntilAsync(now => now.Sum(Count) >= answered && now.Sum("baton_upgrades_total", "outcome=\"completed\"") >= 10);
        TestContext.Current.SendDiagnosticMessage($"{scraper.Scrapes} scrapes, {last.Sum(Count)} requests{Environment.NewLine}{traffic.Summary()}");
        Assert.True(scraper.Faults.Count == 0, string.Join(Environment.NewLine, scraper.Faults.Take(20)));
        Assert.Equal(answered, last.Sum(Count));
        Assert.Equal(last.Sum(Count), last.Sum(Count, "http_route=\"all\"", "http_response_status_class=\"2xx\""));
        Assert.Equal(10, last.Sum("baton_upgrades_total", "outcome=\"completed\""));
        Assert.Equal(11, last.Sum("baton_generation"));
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task A_request_that_ends_in_the_drain_is_counted_while_the_old_generation_still_has_another()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address).Baton("Probation", "00:00:00"));
        var scraper = new Scraper(daemon.AdminSocket);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };
        var held = client.GetAsync(new Uri("/held", UriKind.Relative), Token);
        var slow = client.GetAsync(new Uri("/slow?ms=1000&id=a", UriKind.Relative), Token);
        await backend.WaitForInFlightAsync(2, Token);
        await daemon.UpgradeAsync();
        using var answer = await slow;

        await scraper.UntilAsync(last => last.Sum(Count) == 1);
        Assert.Equal(2, daemon.LiveGenerations().Count);
        backend.Held.Open();
        using var other = await held;
        await daemon.WaitForOneProcessAsync();
        await scraper.UntilAsync(last => last.Sum(Count) == 2);
        Assert.True(scraper.Faults.Count == 0, string.Join(Environment.NewLine, scraper.Faults.Take(20)));
    }

    [Fact]
    public async Task What_a_successor_counted_before_it_crashed_on_its_probation_goes_on_in_the_generation_that_resumes()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address).Baton("Probation", "00:10:00"));
        var scraper = new Scraper(daemon.AdminSocket);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };
        await GetAsync(client, 3);
        await scraper.UntilAsync(last => last.Sum(Count) == 3);
        var second = await daemon.UpgradeAsync();
        await GetAsync(client, 5);
        await scraper.UntilAsync(last => last.Sum(Count) == 8 && last.Sum("baton_generation") == 2);

        daemon.Signal(second.Pid, Signo.SIGKILL);
        await daemon.WaitForExitAsync(second.Pid);
        await scraper.UntilAsync(last => last.Sum("baton_upgrades_total", "outcome=\"rolled_back\"") == 1);
        await GetAsync(client, 2);
        await scraper.UntilAsync(last => last.Sum(Count) == 10 && last.Sum("baton_generation") == 1);

        // And over the next upgrade, in which its numbers are the predecessor's own.
        await daemon.UpgradeAsync();
        await GetAsync(client, 1);
        await scraper.UntilAsync(last => last.Sum(Count) == 11 && last.Sum("baton_generation") == 3);
        Assert.True(scraper.Faults.Count == 0, string.Join(Environment.NewLine, scraper.Faults.Take(20)));
    }

    private static async Task GetAsync(HttpClient client, int times)
    {
        for (var time = 0; time < times; time++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.ConnectionClose = true;
            using var answer = await client.SendAsync(request, Token);
            Assert.True(answer.IsSuccessStatusCode);
        }
    }
}
