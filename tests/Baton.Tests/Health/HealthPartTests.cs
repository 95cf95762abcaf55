using System.Text.Json;
using Baton.Handover;
using Baton.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Baton.Tests.Health;

/// <summary>What of the predecessor's knowledge a generation believes, and for how long.</summary>
public sealed class HealthPartTests
{
    private const string Later = "2999-01-01T00:00:00+00:00";
    private const string Earlier = "2000-01-01T00:00:00+00:00";

    [Fact]
    public async Task A_destination_that_is_down_is_down_in_the_successor_and_one_with_another_address_is_unknown()
    {
        await using var proxy = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2");
        Load(proxy, Known("a", "http://127.0.0.1:1", Later), Known("b", "http://127.0.0.1:3", Later), Known("gone", "http://127.0.0.1:4", Later));
        Assert.Equal(DestinationHealth.Unhealthy, Destination(proxy, "a").Health.Active);
        Assert.Equal(DestinationHealth.Unknown, Destination(proxy, "b").Health.Active);
        Assert.Equal(["b"], Cluster(proxy).DestinationsState.AvailableDestinations.Select(destination => destination.DestinationId));
    }

    [Fact]
    public async Task A_probe_of_its_own_that_succeeded_later_stands_and_one_that_failed_adds_to_what_was_known()
    {
        await using var proxy = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2");
        using var good = new HttpResponseMessage();
        Probed(proxy, ("a", good), ("b", null));
        Load(proxy, Known("a", "http://127.0.0.1:1", Earlier), Known("b", "http://127.0.0.1:2", Earlier));
        Assert.Equal(DestinationHealth.Healthy, Destination(proxy, "a").Health.Active);
        Assert.Equal(DestinationHealth.Unhealthy, Destination(proxy, "b").Health.Active);
    }

    [Fact]
    public async Task The_probe_history_goes_on()
    {
        await using var proxy = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2", threshold: 4);
        using var good = new HttpResponseMessage();
        Probed(proxy, ("a", good), ("b", good));
        Probed(proxy, ("a", null), ("b", good));
        Probed(proxy, ("a", null), ("b", good));

        await using var successor = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2", threshold: 4);
        Part(successor).Load(1, Part(proxy).Save()!.Value, StateMoment.TakeOver);
        Part(successor).Load(1, Part(proxy).Save()!.Value, StateMoment.TakeOver);

        // Two failures there, one here: the first probe, which was sent when the successor knew nothing yet.
        Assert.Equal(DestinationHealth.Healthy, Destination(successor, "a").Health.Active);
        Probed(successor, ("a", null));
        Assert.Equal(DestinationHealth.Unhealthy, Destination(successor, "a").Health.Active);
    }

    [Fact]
    public async Task A_destination_of_which_nothing_is_known_is_down_with_its_first_failed_probe()
    {
        await using var proxy = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2", threshold: 4);
        Probed(proxy, ("a", null));
        Assert.Equal(DestinationHealth.Unhealthy, Destination(proxy, "a").Health.Active);
    }

    [Fact]
    public async Task Of_a_destination_of_which_nothing_is_known_nothing_is_passed_on()
    {
        await using var proxy = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2", isProbed: false);
        Assert.Equal(0, Part(proxy).Save()!.Value.GetArrayLength());
        Fail(proxy, TimeSpan.FromHours(1));
        Assert.Equal(["a"], Part(proxy).Save()!.Value.EnumerateArray().Select(known => known.GetProperty("destination").GetString()));
    }

    [Fact]
    public async Task A_destination_that_failed_requests_stays_out_for_the_rest_of_its_time()
    {
        await using var proxy = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2", reactivation: "10:00:00");
        await using var successor = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2", reactivation: "10:00:00");
        FailAndPassOn(proxy, successor, TimeSpan.FromHours(5));
        Assert.Equal(DestinationHealth.Unhealthy, Destination(successor, "a").Health.Passive);
        Assert.Equal(DestinationHealth.Unknown, Destination(successor, "b").Health.Passive);
        // The rest is counted from the moment of its loading.
        Assert.Equal(OutUntil(proxy)!.Value, OutUntil(successor)!.Value, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_destination_that_failed_requests_is_tried_again_when_its_time_is_over()
    {
        await using var proxy = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2");
        await using var successor = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2");
        FailAndPassOn(proxy, successor, TimeSpan.FromSeconds(1));
        await Eventually.Holds(() => Destination(successor, "a").Health.Passive == DestinationHealth.Unknown, "it is tried again");
        Assert.Null(OutUntil(successor));
    }

    [Theory]
    [InlineData(2, """[{"cluster":"c","destination":"a","address":"http://127.0.0.1:1","active":"Unhealthy","failures":5}]""")]
    [InlineData(1, "[]")]
    [InlineData(1, "null")]
    public async Task Another_version_and_nothing_change_nothing(int version, string data)
    {
        await using var proxy = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2");
        Part(proxy).Load(version, JsonDocument.Parse(data).RootElement, StateMoment.TakeOver);
        Assert.All(["a", "b"], id => Assert.Equal(DestinationHealth.Unknown, Destination(proxy, id).Health.Active));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[{}]")]
    [InlineData("""[{"cluster":"c","destination":"a","address":"http://127.0.0.1:1","active":"Purple"}]""")]
    public async Task Garbage_is_for_the_library_to_report(string data)
    {
        await using var proxy = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2");
        Assert.ThrowsAny<JsonException>(() => Part(proxy).Load(1, JsonDocument.Parse(data).RootElement, StateMoment.TakeOver));
    }

    [Fact]
    public async Task What_is_out_for_ever_by_a_wrong_clock_is_out_for_one_period()
    {
        await using var proxy = await StartAsync("http://127.0.0.1:1", "http://127.0.0.1:2");
        Load(proxy, $$"""{"cluster":"c","destination":"a","address":"http://127.0.0.1:1","failures":-3,"outUntil":"{{Later}}"}""");
        Assert.InRange(OutUntil(proxy)!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(61));
    }

    private static void FailAndPassOn(TestProxy proxy, TestProxy successor, TimeSpan period)
    {
        Fail(proxy, period);
        Part(successor).Load(1, Part(proxy).Save()!.Value, StateMoment.Launch);
        Part(successor).Load(1, Part(proxy).Save()!.Value, StateMoment.TakeOver);
    }

    private static void Fail(TestProxy proxy, TimeSpan period) =>
        proxy.Services.GetRequiredService<IDestinationHealthUpdater>().SetPassive(Cluster(proxy), Destination(proxy, "a"), DestinationHealth.Unhealthy, period);

    // As it is passed on, of the destination a.
    private static DateTimeOffset? OutUntil(TestProxy proxy) =>
        Part(proxy).Save()!.Value.EnumerateArray().Single(known => known.GetProperty("destination").GetString() == "a")
            .TryGetProperty("outUntil", out var until) ? until.GetDateTimeOffset() : null;

    private static string Known(string id, string address, string probedAt) =>
        $$"""{"cluster":"c","destination":"{{id}}","address":"{{address}}","active":"Unhealthy","failures":5,"probedAt":"{{probedAt}}","later":1}""";

    private static void Load(TestProxy proxy, params string[] known) =>
        Part(proxy).Load(1, JsonDocument.Parse($"[{string.Join(',', known)}]").RootElement, StateMoment.TakeOver);

    private static void Probed(TestProxy proxy, params (string Id, HttpResponseMessage? Response)[] results) =>
        proxy.Services.GetRequiredService<IActiveHealthCheckPolicy>().ProbingCompleted(
            Cluster(proxy), [.. results.Select(result => new DestinationProbingResult(Destination(proxy, result.Id), result.Response, null))]);

    private static IStatePart Part(TestProxy proxy) => proxy.Services.GetServices<IStatePart>().Single(part => part.Name == "health");

    private static ClusterState Cluster(TestProxy proxy) =>
        proxy.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster("c", out var cluster) ? cluster : throw new InvalidOperationException("no cluster c");

    private static DestinationState Destination(TestProxy proxy, string id) => Cluster(proxy).Destinations[id];

    // Its own probes are switched off by their interval: the test says what was probed.
    private static async Task<TestProxy> StartAsync(string a, string b, int threshold = 2, string reactivation = "00:00:30", bool isProbed = true)
    {
        using var folder = new ConfigFolder($$"""
            { "ReverseProxy": {
              "Routes": { "r": { "ClusterId": "c", "Match": { "Path": "/{**rest}" } } },
              "Clusters": { "c": {
                "Metadata": { "ConsecutiveFailuresHealthPolicy.Threshold": "{{threshold}}" },
                "HealthCheck": { "Active": { "Enabled": {{(isProbed ? "true" : "false")}}, "Interval": "01:00:00" }, "Passive": { "Enabled": true, "ReactivationPeriod": "{{reactivation}}" } },
                "Destinations": { "a": { "Address": "{{a}}" }, "b": { "Address": "{{b}}" } } } }
            } }
            """);
        var proxy = await TestProxy.StartAsync(folder.File);
        await Eventually.Holds(() => proxy.Services.GetRequiredService<IActiveHealthCheckMonitor>().InitialProbeCompleted, "the initial probes");
        foreach (var destination in Cluster(proxy).Destinations.Values)
            destination.Health.Active = DestinationHealth.Unknown;
        return proxy;
    }
}
