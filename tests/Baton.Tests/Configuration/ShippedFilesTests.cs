using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Configuration;
using Xunit;

namespace Baton.Tests.Configuration;

public sealed class ShippedFilesTests
{
    public static TheoryData<string> Examples { get; } =
        [.. Directory.GetFiles(Path.Combine(RepositoryFiles.Config, "examples"), "*.json").Select(file => $"examples/{Path.GetFileName(file)}")];

    [Theory]
    [InlineData("baton.json")]
    [MemberData(nameof(Examples))]
    public async Task A_shipped_file_is_valid_and_without_warnings(string name)
    {
        var loaded = await Load.Text(RepositoryFiles.Read(name));

        Assert.Empty(loaded.Warnings);
        Assert.NotNull(loaded.Settings["$schema"]);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_listed_in_the_README(string name) =>
        Assert.Contains($"({name})", RepositoryFiles.Read("README.md"), StringComparison.Ordinal);

    [Fact]
    public async Task The_shipped_configuration_spells_out_the_defaults()
    {
        var shipped = JsonNode.Parse(RepositoryFiles.Read("baton.json"), null, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;
        var options = (await Load.Text(RepositoryFiles.Read("baton.json"))).Options;

        Assert.Equivalent(new BatonOptions(), options, strict: true);
        Assert.Equal(OptionKeys(typeof(BatonOptions)), Leaves(shipped["Baton"]!.AsObject()).Order(StringComparer.Ordinal));
        Assert.Equal("http://127.0.0.1:8080", (string?)shipped["Kestrel"]!["Endpoints"]!["Http"]!["Url"]);
        Assert.Empty(shipped["ReverseProxy"]!["Routes"]!.AsObject());
    }

    [Fact]
    public void The_README_lists_every_option_with_its_default()
    {
        var rows = RepositoryFiles.Read("README.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();

        foreach (var key in OptionKeys(typeof(BatonOptions)))
        {
            var row = Assert.Single(rows, row => row.StartsWith($"| `Baton:{key}` |", StringComparison.Ordinal));
            var value = ValueOf(new BatonOptions(), key) switch
            {
                null => "null",
                (double or int or bool) and var plain => JsonSerializer.Serialize(plain),
                var text => $"\"{text}\"",
            };
            Assert.Equal($"`{value}`", row.Split('|')[2].Trim());
        }
    }

    private static IEnumerable<string> OptionKeys(Type type) => ShapeCheck.KeysOf(type)
        .SelectMany(key => ValueFormat.IsValue(key.PropertyType) ? [key.Name] : OptionKeys(key.PropertyType).Select(inner => $"{key.Name}:{inner}"))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Leaves(JsonObject json) => json
        .SelectMany(pair => pair.Value is JsonObject inner ? Leaves(inner).Select(leaf => $"{pair.Key}:{leaf}") : [pair.Key]);

    private static object? ValueOf(object options, string key) => key
        .Split(':')
        .Aggregate((object?)options, (value, name) => value!.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance)!.GetValue(value));
}
