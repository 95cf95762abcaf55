using System.Text.Json;
using Baton.Handover.Hosting;
using Xunit;

namespace Baton.Handover.Tests.State;

/// <summary>Totals that grow from generation to generation, and count nothing twice.</summary>
public sealed class TrafficCountersTests
{
    [Fact]
    public void Totals_go_on_growing_over_two_upgrades_while_two_generations_serve()
    {
        var first = new TrafficCounters();
        Answer(first, 10);
        var second = new TrafficCounters();
        Pass(first, second, StateMoment.Launch);
        Answer(first, 5);
        Pass(first, second, StateMoment.TakeOver);
        Answer(second, 3);
        Answer(first, 2); // In its drain.
        Assert.Equal(18, second.Total.Answered);
        Pass(first, second, StateMoment.End);
        Assert.Equal(20, second.Total.Answered);
        Assert.Equal(3, second.Own.Answered);

        var third = new TrafficCounters();
        Pass(second, third, StateMoment.TakeOver);
        Assert.Equal(20, third.Total.Answered);
        Assert.Equal(0, third.Own.Answered);
    }

    [Fact]
    public void A_total_never_falls_whatever_is_passed_on()
    {
        var counters = new TrafficCounters();
        Pass(Counted(7), counters, StateMoment.TakeOver);
        Pass(Counted(3), counters, StateMoment.End);
        Assert.Equal(7, counters.Total.Answered);
        Part(counters).Load(2, JsonDocument.Parse("""{"successful":100}""").RootElement, StateMoment.End);
        Part(counters).Load(1, JsonDocument.Parse("""{"successful":-5,"fromTheFuture":1}""").RootElement, StateMoment.End);
        Assert.Equal(7, counters.Total.Answered);
        Assert.ThrowsAny<JsonException>(() => Part(counters).Load(1, JsonDocument.Parse("\"x\"").RootElement, StateMoment.End));
    }

    [Fact]
    public void Answers_are_told_apart_by_their_status_and_a_span_by_two_moments()
    {
        var counters = new TrafficCounters();
        counters.CountAnswer(500);
        var before = counters.Own;
        foreach (var status in new[] { 101, 200, 204, 301, 404, 502, 503, 999, 0 })
            counters.CountAnswer(status);
        counters.CountUpstreamFailure();
        counters.CountConnection();
        counters.CountAborted();
        Assert.Equal(
            new TrafficCount { Connections = 1, Informational = 2, Successful = 2, Redirected = 1, ClientErrors = 1, Answered5xx = 3, Aborted = 1, UpstreamFailures = 1 },
            counters.Own.Since(before));
        Assert.Equal(10, counters.Own.Answered);
    }

    private static TrafficCounters Counted(int answers)
    {
        var counters = new TrafficCounters();
        Answer(counters, answers);
        return counters;
    }

    private static void Answer(TrafficCounters counters, int count)
    {
        for (var number = 0; number < count; number++)
            counters.CountAnswer(200);
    }

    private static void Pass(TrafficCounters from, TrafficCounters to, StateMoment moment) => Part(to).Load(1, Part(from).Save()!.Value, moment);

    private static TrafficPart Part(TrafficCounters counters) => new(counters, new RecordingLog<TrafficPart>());
}
