using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Baton.Tests.Metrics;

/// <summary>An answer to a scrape, read as strictly as the formats are written: what Prometheus would forgive fails here.</summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, double> _samples = [];
    private readonly Dictionary<string, string> _types = [];

    private Exposition()
    {
    }

    /// <summary>By the text of name and labels, in the order in which they were written.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    /// <summary>The type of each family.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    public static Exposition Parse(string text, bool openMetrics)
    {
        var exposition = new Exposition();
        var end = openMetrics ? "# EOF\n" : "";
        Assert.EndsWith(openMetrics ? "\n# EOF\n" : "\n", text, StringComparison.Ordinal);
        var (family, type) = ("", "");
        foreach (var line in text[..(text.Length - end.Length)].TrimEnd('\n').Split('\n'))
        {
            if (Head().Match(line) is { Success: true } head)
            {
                if (head.Groups["what"].Value == "HELP")
                    family = head.Groups["name"].Value;
                Assert.Equal(family, head.Groups["name"].Value);
                if (head.Groups["what"].Value == "TYPE")
                    Assert.True(exposition._types.TryAdd(family, type = head.Groups["rest"].Value), $"{family} is there twice");
                if (head.Groups["what"].Value == "UNIT")
                    Assert.True(openMetrics && family.EndsWith("_" + head.Groups["rest"].Value, StringComparison.Ordinal), line);
                continue;
            }

            Assert.True(Sample().IsMatch(line), $"'{line}' is no line of the format");
            var split = line.LastIndexOf(' ');
            var name = line[..split].Split('{')[0];
            Assert.Contains(name, Allowed(family, type, openMetrics));
            Assert.True(exposition._samples.TryAdd(line[..split], double.Parse(line[(split + 1)..], CultureInfo.InvariantCulture)), $"{line[..split]} is there twice");
        }

        exposition.CheckHistograms();
        return exposition;
    }

    /// <summary>The sum of all samples of a name.</summary>
    public double Sum(string name, params IReadOnlyList<string> labels) =>
        _samples.Where(sample => sample.Key.Split('{')[0] == name && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal))).Sum(sample => sample.Value);

    /// <summary>The samples that must not fall from one scrape to the next.</summary>
    public IEnumerable<KeyValuePair<string, double>> Rising =>
        _samples.Where(sample => TypeOf(sample.Key.Split('{')[0]) is "counter" or "histogram" && !sample.Key.Split('{')[0].EndsWith("_created", StringComparison.Ordinal));

    private static IEnumerable<string> Allowed(string family, string type, bool openMetrics) => (type, openMetrics) switch
    {
        ("counter", true) => [family + "_total", family + "_created"],
        ("histogram", true) => [family + "_bucket", family + "_sum", family + "_count", family + "_created"],
        ("histogram", false) => [family + "_bucket", family + "_sum", family + "_count"],
        ("counter", false) when !family.EndsWith("_total", StringComparison.Ordinal) => [],
        _ => [family],
    };

    private string? TypeOf(string sample) => _types.FirstOrDefault(type => sample == type.Key || Allowed(type.Key, type.Value, openMetrics: true).Contains(sample)).Value;

    private void CheckHistograms()
    {
        foreach (var (family, _) in _types.Where(type => type.Value == "histogram"))
        {
            var buckets = _samples.Where(sample => sample.Key.StartsWith(family + "_bucket{", StringComparison.Ordinal)).GroupBy(sample => Bound().Replace(sample.Key, ""));
            foreach (var series in buckets.Select(group => group.ToList()))
            {
                Assert.Equal(series.Select(bucket => bucket.Value).Order(), series.Select(bucket => bucket.Value));
                Assert.Contains("le=\"+Inf\"", series[^1].Key, StringComparison.Ordinal);
                var count = new StringBuilder(Bound().Replace(series[0].Key, "")).Replace("_bucket", "_count").Replace("{}", "").ToString();
                Assert.Equal(_samples[count], series[^1].Value);
            }
        }
    }

    [GeneratedRegex(@"^# (?<what>HELP|TYPE|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.+)$")]
    private static partial Regex Head();

    [GeneratedRegex("""^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\[\\n"])*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\[\\n"])*")*\})? (NaN|[+-]?Inf|-?[0-9.]+(E[+-]?[0-9]+)?)$""")]
    private static partial Regex Sample();

    [GeneratedRegex(""",?le="[^"]*" *""")]
    private static partial Regex Bound();
}
