using Xunit;

namespace Baton.Tests.Configuration;

/// <summary>What a route may say about its WebSockets.</summary>
public sealed class TunnelMetadataTests
{
    [Theory]
    [InlineData("Tunnels.CloseCode", "1001")]
    [InlineData("Tunnels.CloseCode", "1012")]
    [InlineData("tunnels.closeover", "00:00:10")]
    [InlineData("Tunnels.CloseOver", "00:00:00")]
    [InlineData("Something.Else", "yes")]
    public async Task What_can_be_used_is_no_error(string key, string value) => Assert.Empty(await Load.Errors(Route(key, value)));

    [Theory]
    [InlineData("Tunnels.CloseCode", "1000", "is '1000', but it must be 1001 (going away) or 1012 (service restart).")]
    [InlineData("Tunnels.CloseOver", "10", "is '10', but it must be a time from 00:00:00 to 1.00:00:00, as in \"00:00:10\".")]
    [InlineData("Tunnels.CloseOver", "2.00:00:00", "is '2.00:00:00', but it must be a time")]
    [InlineData("Tunnels.CloseOvr", "00:00:10", "is not known. Did you mean Tunnels.CloseOver?")]
    public async Task What_cannot_is_an_error_with_its_line(string key, string value, string message)
    {
        var error = Assert.Single(await Load.Errors(Route(key, value)));

        Assert.Contains($"ReverseProxy:Routes:r:Metadata:{key} {message}", error, StringComparison.Ordinal);
        Assert.StartsWith($"{Load.File}:", error, StringComparison.Ordinal);
    }

    private static string Route(string key, string value) => $$"""
        {
          "ReverseProxy": {
            "Routes": { "r": { "ClusterId": "c", "Match": { "Path": "/{**all}" }, "Metadata": { "{{key}}": "{{value}}" } } },
            "Clusters": { "c": { "Destinations": { "d": { "Address": "http://127.0.0.1:5001/" } } } }
          }
        }
        """;
}
