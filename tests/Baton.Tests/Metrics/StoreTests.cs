using System.Text.Json;
using Baton.Handover;
using Baton.Metrics;
using Xunit;

namespace Baton.Tests.Metrics;

/// <summary>What one generation passes on, and what another makes of it, without processes.</summary>
public sealed class StoreTests
{
    private static readonly SeriesKey Route = new("r", "2xx");

    [Fact]
    public void Totals_go_on_and_the_tail_of_a_drain_replaces_what_was_told_before()
    {
        var (first, second, third) = (new Line(1), new Line(2), new Line(3));
        first.Serve(3);
        second.Load(first, StateMoment.Launch);
        first.Serve(1);
        second.Load(first, StateMoment.TakeOver);
        second.Serve(10);
        first.Serve(2);
        second.Load(first, StateMoment.Drain);
        Assert.Equal(16, second.Shown);
        third.Load(second, StateMoment.TakeOver);
        third.Serve(100);
        second.Load(first, StateMoment.End);
        first.Serve(1);
        second.Load(first, StateMoment.Drain);
        third.Load(second, StateMoment.End);
        Assert.Equal(117, third.Shown);
    }

    [Fact]
    public void A_late_scrape_of_a_generation_that_has_handed_over_shows_what_it_has_handed_over()
    {
        var (first, second) = (new Line(1), new Line(2));
        first.Serve(3);
        second.Load(first, StateMoment.TakeOver);
        first.Serve(4);
        Assert.Equal((3, 3), (first.Shown, second.Shown));
        first.Part.Resuming();
        Assert.Equal(7, first.Shown);
    }

    [Fact]
    public void A_generation_that_resumes_goes_on_with_what_its_successor_has_told_and_no_sooner()
    {
        var (first, second, third) = (new Line(1), new Line(2), new Line(3));
        first.Serve(3);
        second.Load(first, StateMoment.TakeOver);
        second.Serve(5);
        first.Load(second, StateMoment.Probation);
        second.Serve(1);
        Assert.Equal(8, second.ShownOnProbation); // What it has told, and not yet the one of which nobody else knows.

        second.Load(first, StateMoment.Drain);
        Assert.Equal(9, second.Shown); // Its own are not told back to it.

        first.Part.Resuming();
        Assert.Equal(8, first.Shown);
        first.Load(second, StateMoment.Probation); // It ends what it has begun.
        Assert.Equal(9, first.Shown);
        third.Load(first, StateMoment.TakeOver);
        Assert.Equal(9, third.Shown);
    }

    [Fact]
    public void What_does_not_fit_is_counted_in_one_series_for_all_the_rest_once()
    {
        var (first, second) = (new Line(1), new Line(2, mostSeries: 16));
        for (var route = 0; route < 40; route++)
            first.Serve(1, new SeriesKey($"r{route}", "2xx"));
        second.Load(first, StateMoment.TakeOver);
        second.Load(first, StateMoment.End);
        second.Serve(1, new SeriesKey("another", "2xx"));

        var shown = second.Family(MetricFamilies.ServerDuration).Series;
        Assert.Equal((17, 41), (shown.Count, second.Shown));
        Assert.Equal(25, shown.Single(series => series.Labels.SequenceEqual(["(other)", "(other)"])).Values.SkipLast(1).Sum());
    }

    [Fact]
    public void Since_when_a_series_is_counted_goes_with_it()
    {
        var (first, second) = (new Line(1), new Line(2));
        first.Serve(1);
        var created = first.Family(MetricFamilies.ServerDuration).Series[0].Created;
        second.Serve(1);
        second.Load(first, StateMoment.TakeOver);
        Assert.Equal(created, second.Family(MetricFamilies.ServerDuration).Series[0].Created);
    }

    [Theory]
    [InlineData("""{"labels":["http_route"],"bounds":[1],"series":[]}""")] // Another build's buckets.
    [InlineData("""{"labels":["x","y"],"bounds":BOUNDS,"series":[{"labels":["r","2xx"],"created":"2020-01-01T00:00:00Z","values":VALUES}]}""")]
    [InlineData("""{"labels":LABELS,"bounds":BOUNDS,"series":[{"labels":["r"],"created":"2020-01-01T00:00:00Z","values":VALUES}]}""")]
    [InlineData("""{"labels":LABELS,"bounds":BOUNDS,"series":[{"labels":["r","2xx"],"created":"2020-01-01T00:00:00Z","values":[1]}]}""")]
    [InlineData("""{"labels":LABELS,"bounds":BOUNDS,"series":[{"labels":["r","2xx"],"created":"9020-01-01T00:00:00Z","values":VALUES}]}""")]
    [InlineData("""{"labels":LABELS,"bounds":BOUNDS,"series":[{"labels":["r","2xx"],"created":"2020-01-01T00:00:00Z","values":[-1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}]}""")]
    [InlineData("""{"labels":LABELS,"bounds":BOUNDS,"series":[{"labels":["r","2xx"],"created":"2020-01-01T00:00:00Z","values":[9223372036854775807,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}]}""")]
    public void What_cannot_be_is_passed_over_and_the_rest_is_taken(string family)
    {
        var line = new Line(2);
        var text = family.Replace("LABELS", """["http_route","http_response_status_class"]""", StringComparison.Ordinal)
            .Replace("BOUNDS", JsonSerializer.Serialize(MetricFamilies.ServerDuration.Bounds), StringComparison.Ordinal)
            .Replace("VALUES", "[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,5]", StringComparison.Ordinal);
        line.Load($$$$"""
            {"generation":1,"future":true,"families":{"from_the_future":{"labels":[],"series":[]},"http_server_request_duration_seconds":{{{{text}}}},
            "baton_upgrades":{"labels":["outcome"],"series":[{"labels":["completed"],"created":"2020-01-01T00:00:00Z","values":[7]}]}}}
            """);
        Assert.Equal(0, line.Shown);
        Assert.Equal(7, line.Family(MetricFamilies.Upgrades).Series[0].Values[0]);
    }

    [Fact]
    public void A_version_that_is_not_known_is_passed_over()
    {
        var (first, second) = (new Line(1), new Line(2));
        first.Serve(1);
        second.Part.Load(2, first.Part.Save()!.Value, StateMoment.TakeOver);
        Assert.Equal(0, second.Shown);
    }

    [Fact]
    public void A_duration_is_counted_in_the_first_bucket_that_it_does_not_exceed()
    {
        var line = new Line(1);
        foreach (var milliseconds in new[] { 0.0, 5, 5.1, 10_000, 10_001 })
            line.Store[MetricFamilies.ServerDuration][Route].Observe(TimeSpan.FromMilliseconds(milliseconds));
        var values = line.Family(MetricFamilies.ServerDuration).Series[0].Values;
        Assert.Equal((2, 1, 1, 1), (values[0], values[1], values[^3], values[^2]));
        Assert.Equal(TimeSpan.FromMilliseconds(20_011.1).Ticks, values[^1]);
    }

    /// <summary>One generation's store and part.</summary>
    private sealed class Line
    {
        public Line(int generation, int mostSeries = 100)
        {
            Store = new MetricsStore(mostSeries, TimeProvider.System);
            Part = new MetricsPart(Store, generation, TimeProvider.System);
        }

        public MetricsStore Store { get; }

        public IStatePart Part { get; }

        public long Shown => Count(isMain: true);

        public long ShownOnProbation => Count(isMain: false);

        public void Serve(int requests, SeriesKey? key = null)
        {
            for (var request = 0; request < requests; request++)
                Store[MetricFamilies.ServerDuration][key ?? Route].Observe(TimeSpan.FromMilliseconds(3));
        }

        public void Load(Line other, StateMoment moment) => Part.Load(1, other.Part.Save(moment)!.Value, moment);

        public void Load(string json)
        {
            using var document = JsonDocument.Parse(json);
            Part.Load(1, document.RootElement, StateMoment.TakeOver);
        }

        public FamilySnapshot Family(MetricFamily family) => Store.Show(isMain: true).Single(one => one.Family == family);

        private long Count(bool isMain) =>
            Store.Show(isMain).Single(one => one.Family == MetricFamilies.ServerDuration).Series.Sum(series => series.Values.Take(series.Values.Count - 1).Sum());
    }
}
