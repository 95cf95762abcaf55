using Xunit;

namespace Baton.Tests.Admin.Browser;

/// <summary>The modules of the page by themselves: what they make of scrapes and documents.</summary>
public sealed class PageScriptTests(Chromium chromium)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_text_is_read_with_escapes_and_what_is_no_sample_is_passed_over()
    {
        var found = await EvaluateAsync("""
            const { parse, total } = await import('/metrics.js');
            const families = parse('# HELP a b\n# TYPE a counter\na{x="1,2}",y="q\\"\\\\\\n",__proto__="z"} 4\na 3 1700000000000\n\nnot a sample\nb{le="+Inf"} +Inf\n');
            return [families.get('a')[0].labels.x, families.get('a')[0].labels.y, families.get('a')[0].labels.__proto__, total(families, 'a'), families.get('b')[0].value === Infinity, total(families, 'c'), families.size];
            """);

        Assert.Equal("""["1,2}","q\"\\\n","z",7,true,null,2]""", found);
    }

    [Fact]
    public async Task Quantiles_come_from_what_has_come_since_and_a_counter_that_falls_begins_at_zero()
    {
        var found = await EvaluateAsync("""
            const { HistogramDifference } = await import('/histogram.js');
            const { parse } = await import('/metrics.js');
            const scrape = (status, low, all) => `d_bucket{r="x",http_response_status_class="${status}",le="0.1"} ${low}\nd_bucket{r="x",http_response_status_class="${status}",le="0.2"} ${all}\nd_bucket{r="x",http_response_status_class="${status}",le="+Inf"} ${all}\nd_count{r="x",http_response_status_class="${status}"} ${all}\n`;
            const difference = new HistogramDifference('d', (labels) => labels.r);
            const first = difference.take(parse(scrape('2xx', 1000, 1000)));
            const second = difference.take(parse(scrape('2xx', 1090, 1100) + scrape('5xx', 0, 25)));
            const third = difference.take(parse(scrape('2xx', 3, 7)));
            const quiet = difference.take(parse(scrape('2xx', 3, 7)));
            return [first, second.get('x').count, second.get('x').errorShare, second.get('x').quantile(0.5), second.get('x').quantile(0.99).toFixed(4), third.get('x').count, quiet.get('x').quantile(0.5), quiet.get('x').errorShare];
            """);

        // 90 of 125 are below 0.1, the rest in the bucket to 0.2: the 62.5th is at 0.1 * 62.5 / 90, the 123.75th near its end.
        Assert.Equal($"""[null,125,0.2,{0.1 * 62.5 / 90:R},"0.1964",7,null,null]""", found);
    }

    [Fact]
    public async Task Times_of_NET_are_read_and_told_in_words()
    {
        var found = await EvaluateAsync("""
            const { timeSpan, span, latency, counted } = await import('/format.js');
            return [timeSpan('00:00:01.2500000'), timeSpan('2.03:00:00'), timeSpan('-00:01:00'), timeSpan('soon'), timeSpan(undefined),
                    span(0.34), span(1.25), span(59.9), span(3900), span(7200), span(2 * 86400 + 3 * 3600), latency(0.0004), latency(0.0123), latency(2), counted(1, 'request'), counted(1200, 'tunnel')];
            """);

        Assert.Equal("""[1.25,183600,-60,null,null,"340 ms","1.3 s","59 s","1 h 5 min","2 h","2 d 3 h","400 µs","12 ms","2 s","1 request","1,200 tunnels"]""", found);
    }

    [Fact]
    public async Task Axes_begin_and_end_at_round_values()
    {
        var found = await EvaluateAsync("""
            const { linear, logarithmic, moments } = await import('/scale.js');
            return [linear(0, 1).ticks.at(-1), linear(287, 1).ticks, linear(287, 1).part(300), logarithmic(0.004, 0.35, 0.0001).ticks.map((tick) => tick.toFixed(3)), moments(Date.UTC(2026, 0, 1, 0, 0, 1), Date.UTC(2026, 0, 1, 0, 10), 5).length];
            """);

        Assert.Equal("""[1,[0,100,200,300],1,["0.001","0.010","0.100","1.000"],5]""", found);
    }

    [Fact]
    public async Task Lives_of_generations_follow_from_reports_and_from_what_is_seen()
    {
        var found = await EvaluateAsync("""
            const { Lives } = await import('/lives.js');
            const at = (second) => new Date(1000 * second).toISOString();
            const reports = [
              { from: 1, fromVersion: 'a', to: 2, toVersion: 'a', outcome: 'Completed', readyAfter: '00:00:02', duration: '00:00:10', endedAt: at(110) },
              { from: 2, fromVersion: 'a', to: 3, toVersion: 'b', outcome: 'RolledBack', readyAfter: '00:00:01', duration: '00:00:05', endedAt: at(205), reasons: ['it died'] },
              { from: 2, fromVersion: 'a', to: 4, outcome: 'Failed', duration: '00:00:01', endedAt: at(301) },
              { from: 2, fromVersion: 'a', to: 5, outcome: 'Failed', duration: '00:00:01' },
            ];
            const lives = new Lives();
            lives.hear({ generation: 1, phase: 'Serving', at: at(40) });
            lives.update({ generations: [{ number: 2, pid: 7, version: 'a', phase: 'Launching', startedAt: at(100) }, { number: 6, pid: 8, version: 'c', phase: 'Preparing' }] }, reports, 400000);
            lives.update({ generations: [{ number: 2, pid: 7, version: 'a', phase: 'Probation', startedAt: at(100) }, { number: 6, pid: 8, version: 'c', phase: 'Serving' }] }, reports, 402000);
            return [lives.lives.map((life) => [life.number, life.prepared, life.served, life.left, life.gone]), lives.lives[1].away, lives.handovers.map((one) => [one.at, one.from, one.to, one.outcome]), lives.failures.map((one) => one.at)];
            """);

        Assert.Equal(
            "[[[1,null,40000,102000,110000],[2,100000,102000,402000,null],[3,200000,201000,null,205000],[6,400000,402000,null,null]],"
            + "[201000,205000],[[102000,1,2,\"Completed\"],[201000,2,3,\"RolledBack\"],[402000,2,6,null]],[301000]]",
            found);
    }

    private async Task<string> EvaluateAsync(string body)
    {
        await using var daemon = await FakeDaemon.StartAsync(Token);
        await using var page = await chromium.OpenAsync(daemon.Address);
        return await page.Page.EvaluateAsync<string>($"async () => JSON.stringify(await (async () => {{ {body} }})())");
    }
}
