using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Metrics;

/// <summary>The dashboard, the alerts and their README speak of metrics that there are.</summary>
public sealed partial class ObservabilityTests
{
    private static readonly string Directory = Path.Combine(RepositoryFiles.Deploy, "observability");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_metric_that_is_named_there_is_served()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address));
        var served = Exposition.Parse((await Scraper.GetAsync(daemon.AdminSocket, null, Token)).Body, openMetrics: false).Types
            .SelectMany(type => type.Value == "histogram" ? [type.Key, type.Key + "_bucket", type.Key + "_sum", type.Key + "_count"] : new[] { type.Key }).ToHashSet();

        var named = await NamesAsync();
        Assert.True(named.Count > 25, $"only {named.Count} names were found");
        Assert.Empty(named.Except(served));
        // And the other way: what is served is told of.
        var readme = await File.ReadAllTextAsync(Path.Combine(Directory, "README.md"), Token);
        var told = served.Where(name => (name.StartsWith("http_", StringComparison.Ordinal) || name.StartsWith("baton_", StringComparison.Ordinal)) && !Suffix().IsMatch(name));
        Assert.All(told, name => Assert.Contains($"`{name}`", readme, StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyCollection<string>> NamesAsync()
    {
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Directory, "grafana-dashboard.json"), Token))!.AsObject();
        var expressions = dashboard["panels"]!.AsArray().Where(panel => panel!["targets"] is not null).SelectMany(panel => panel!["targets"]!.AsArray())
            .Concat(dashboard["annotations"]!["list"]!.AsArray()).Select(target => (string)target!["expr"]!);
        var variables = dashboard["templating"]!["list"]!.AsArray().Select(variable => variable!["definition"]).OfType<JsonNode>().Select(node => ((string)node!).Split('(', ',')[1]);
        var alerts = AlertExpression().Matches(await File.ReadAllTextAsync(Path.Combine(Directory, "alerts.yaml"), Token)).Select(match => match.Groups[1].Value);
        var readme = FirstCell().Matches(await File.ReadAllTextAsync(Path.Combine(Directory, "README.md"), Token)).Select(match => match.Value);
        return [.. expressions.Concat(variables).Concat(alerts).Concat(readme).SelectMany(text => Name().Matches(Labels().Replace(text, " ")).Select(match => match.Value)).Distinct()];
    }

    [GeneratedRegex(@"\b(http|baton|process|dotnet)_[a-z_]*[a-z]\b")]
    private static partial Regex Name();

    [GeneratedRegex(@"\{[^}]*\}|\bby \([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"expr: ((?:.|\n)*?)\n +(?:for|labels):")]
    private static partial Regex AlertExpression();

    [GeneratedRegex(@"^\| `(http|baton)_[^|]*", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
