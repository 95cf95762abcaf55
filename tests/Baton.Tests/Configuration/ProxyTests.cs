using Xunit;

namespace Baton.Tests.Configuration;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(""", "Timeout": "00:00:10", "CorsPolicy": "disable", "Order": 3, "Transforms": [ { "PathPrefix": "/x" } ]""", "")]
    [InlineData("", """, "LoadBalancingPolicy": "RoundRobin", "HttpRequest": { "Version": "2", "VersionPolicy": "RequestVersionExact" }""")]
    [InlineData("", """, "SessionAffinity": { "Enabled": true, "Policy": "HashCookie", "AffinityKeyName": "a" }""")]
    [InlineData("", """, "SessionAffinity": { "Enabled": true, "Policy": "ArrCookie", "AffinityKeyName": "a" }""")]
    public async Task What_YARP_takes_is_valid(string route, string cluster) => Assert.Empty((await Load.Text(Load.Proxy(route, cluster))).Warnings);

    [Theory]
    [InlineData(""", "Timeout": "30" """, "Routes:r:Timeout is '30'")]
    [InlineData(""", "Order": "first" """, "Routes:r:Order is 'first', but it must be a whole number")]
    [InlineData(""", "Transforms": [ { "PathPrefx": "/x" } ]""", "Unknown transform: PathPrefx")]
    [InlineData(""", "AuthorizationPolicy": "default" """, "baton authenticates nobody")]
    [InlineData(""", "AuthorizationPolicy": "staff" """, "Authorization policy 'staff' not found")]
    [InlineData(""", "TimeoutPolicy": "slow" """, "Timeout policy 'slow' not found")]
    public async Task A_route_that_YARP_does_not_take_is_an_error(string route, string message) =>
        Assert.Contains(message, await Load.OnlyError(Load.Proxy(route)), StringComparison.Ordinal);

    [Theory]
    [InlineData(""", "LoadBalancingPolicy": "RundRobin" """, "'RundRobin'")]
    [InlineData(""", "HttpRequest": { "Version": "two" }""", "HttpRequest:Version is 'two'")]
    [InlineData(""", "HttpRequest": { "ActivityTimeout": "ever" }""", "HttpRequest:ActivityTimeout is 'ever'")]
    [InlineData(""", "HttpClient": { "WebProxy": { "Address": "here" } }""", "WebProxy:Address is 'here'")]
    [InlineData(""", "HttpClient": { "SslProtocols": [ "Tls99" ] }""", "SslProtocols:0 is 'Tls99'")]
    [InlineData(""", "HttpClient": { "DangerousAcceptAnyServerCertificate": "yes" }""", "must be true or false")]
    [InlineData(""", "HealthCheck": { "Active": { "Enabled": true, "Policy": "None" } }""", "'None'")]
    [InlineData(""", "SessionAffinity": { "Enabled": true, "Policy": "HashCooky", "AffinityKeyName": "a" }""", "'HashCooky'")]
    public async Task A_cluster_that_YARP_does_not_take_is_an_error(string cluster, string message) =>
        Assert.Contains(message, await Load.OnlyError(Load.Proxy(cluster: cluster)), StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1:5000")]
    [InlineData("localhost:5000")]
    [InlineData("/app")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("http://")]
    public async Task An_address_that_is_no_absolute_http_address_is_an_error(string address) => Assert.Contains(
        $"ReverseProxy:Clusters:c:Destinations:d:Address is '{address}', but it must be an absolute http or https address",
        await Load.OnlyError(Load.Proxy(address: address)),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_destination_without_address_is_an_error() =>
        Assert.Contains("No address found for destination 'd'", await Load.OnlyError(Load.Proxy(address: "")), StringComparison.Ordinal);

    [Fact]
    public async Task Routes_to_clusters_that_do_not_exist_are_errors_with_the_nearest_name()
    {
        var errors = await Load.Errors("""
            { "ReverseProxy": {
              "Routes": {
                "a": { "ClusterId": "backnd", "Match": { "Path": "/a" } },
                "b": { "Match": { "Path": "/b" } },
                "c": { "ClusterId": "BACKEND", "Match": { "Hosts": [ "c" ] } }
              },
              "Clusters": { "backend": { "Destinations": { "d": { "Address": "http://127.0.0.1:5000/" } } } }
            } }
            """);

        Assert.Equal(
            [
                $"{Load.File}:3:12: ReverseProxy:Routes:a:ClusterId is 'backnd', but there is no such cluster. Did you mean backend? Known here: backend.",
                $"{Load.File}:4:23: ReverseProxy:Routes:b:ClusterId is missing: a route needs the cluster that it sends requests to.",
            ],
            errors);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_routes_and_clusters_is_listed_at_once()
    {
        var errors = await Load.Errors("""
            { "ReverseProxy": {
              "Routes": { "a": { "ClusterId": "c", "Match": {} }, "b": { "ClusterId": "x", "Match": { "Path": "/{", "Methods": [ "GRAB" ] }, "Timeout": "x" } },
              "Clusters": { "c": { "LoadBalancingPolicy": "x", "HttpRequest": { "Version": "x" }, "Destinations": { "d": { "Address": "x" } } } }
            } }
            """);

        Assert.Equal(8, errors.Count);
    }

    [Fact]
    public async Task A_misspelt_key_is_a_warning_with_the_nearest_name()
    {
        var loaded = await Load.Text(Load.Proxy(""", "Ordr": 1"""));

        Assert.Equal("ReverseProxy:Routes:r:Ordr is not known. Did you mean Order? Known here: Match, Order, ClusterId, AuthorizationPolicy, RateLimiterPolicy, TimeoutPolicy, Timeout, CorsPolicy, MaxRequestBodySize, Metadata, Transforms.", Assert.Single(loaded.Warnings).Message);
    }
}
