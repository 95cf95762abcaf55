using System.Text;
using Baton.Configuration;
using Xunit;

namespace Baton.Tests.Configuration;

/// <summary>Loads configurations from text, without a file.</summary>
internal static class Load
{
    public const string File = "/test/baton.json";

    private static readonly Dictionary<string, string> NoVariables = [];

    public static Task<LoadedConfiguration> Text(string json, Dictionary<string, string>? environment = null, params string[] overrides) =>
        new ConfigurationLoader(File, environment ?? NoVariables, overrides).ReadAsync(Encoding.UTF8.GetBytes(json));

    /// <summary>Everything that is wrong with a configuration, as it is printed.</summary>
    public static async Task<IReadOnlyList<string>> Errors(string json, Dictionary<string, string>? environment = null, params string[] overrides)
    {
        var thrown = await Assert.ThrowsAsync<ConfigurationException>(() => Text(json, environment, overrides));
        return [.. thrown.Errors.Select(error => error.ToString())];
    }

    public static async Task<string> OnlyError(string json, params string[] overrides) =>
        Assert.Single(await Errors(json, null, overrides));

    /// <summary>One route to one cluster with one destination.</summary>
    public static string Proxy(string route = "", string cluster = "", string address = "http://127.0.0.1:5000/") => $$"""
        {
          "ReverseProxy": {
            "Routes": { "r": { "ClusterId": "c", "Match": { "Path": "/{**rest}" } {{route}} } },
            "Clusters": { "c": { "Destinations": { "d": { "Address": "{{address}}" } } {{cluster}} } }
          }
        }
        """;
}
