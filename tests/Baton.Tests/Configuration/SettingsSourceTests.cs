using System.Globalization;
using Baton.Configuration;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Baton.Tests.Configuration;

/// <summary>The settings as the framework reads them: sections, and what stands below each.</summary>
public sealed class SettingsSourceTests
{
    private static readonly (string Key, string? Value)[] Values =
    [
        ("Section:10:Name", "ten"), ("Section:9:Name", "nine"), ("section:9:Other", null), ("Section", "its own value"), ("SECTION:a:b:c", "deep"),
        ("Section:b", "b"), ("Section:B:c", "below it"), ("Sectional", "not below it"), ("Colon:", "no name below"), ("Empty", ""),
    ];

    [Fact]
    public void Sections_are_those_that_the_frameworks_own_provider_shows_in_its_order()
    {
        var (settings, expected) = Both();

        Assert.Equal(Shown(expected), Shown(settings.ToConfiguration()));
        Assert.Equal(Shown(expected), Shown(settings.Root), StringComparer.OrdinalIgnoreCase);
        Assert.Contains("Section:a:b:c = deep", Shown(expected), StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Section")]
    [InlineData("section:9:NAME")]
    [InlineData("Section:9:Other")]
    [InlineData("Section:a")]
    [InlineData("Section:a:b:c")]
    [InlineData("Section:9:Nothing:here")]
    [InlineData("Nothing")]
    [InlineData("Colon:")]
    [InlineData("Empty")]
    public void A_section_of_the_tree_is_found_as_the_frameworks_is(string key)
    {
        var (settings, expected) = Both();
        IConfiguration tree = settings.Root;
        var (one, other) = (expected.GetSection(key), tree.GetSection(key));

        Assert.Equal(expected[key], tree[key]);
        Assert.Equal((one.Value, one.Exists(), one["Name"], one.GetSection("Name").Exists()), (other.Value, other.Exists(), other["Name"], other.GetSection("Name").Exists()));
        Assert.Equal((one.Path, one.GetSection("x").Path), (other.Path, other.GetSection("x").Path), IgnoringCase);
    }

    [Fact]
    public void Replaced_settings_show_their_own_sections_and_none_of_the_old_ones()
    {
        var source = new SettingsSource(Of("Section:old:Name"));
        var configuration = new ConfigurationBuilder().Add(source).Build();
        Assert.Equal(["old"], configuration.GetSection("Section").GetChildren().Select(child => child.Key));

        source.Replace(Of("Section:new:Name"));

        Assert.Equal(["new"], configuration.GetSection("Section").GetChildren().Select(child => child.Key));
    }

    [Theory]
    [InlineData(5)] // few
    [InlineData(200)] // many
    public void Sections_are_in_the_order_of_the_framework_however_they_were_set(int count)
    {
        string[] odd = ["10", "2", "-1", "+3", " 4", "b", "B2", "a10", "a9", "_", "é", "z", "A", "1e3"];
        var random = new Random(count);
        for (var round = 0; round < 50; round++)
        {
            var keys = odd.Concat(Enumerable.Range(0, count).Select(i => $"r{i}")).ToArray();
            random.Shuffle(keys);
            keys = [.. keys.Take(count)];
            var settings = new Settings("/baton.json");
            foreach (var key in keys)
                settings.Set(key, "value", "/baton.json");

            Assert.Equal(keys.Order(ConfigurationKeyComparer.Instance), settings.Root.Children.Select(section => section.Key));
            Assert.All(keys, key => Assert.Equal(key, settings.Root.Child(key.ToUpperInvariant())?.Key));
        }
    }

    [Fact]
    public void Numbers_that_are_alike_for_the_order_are_two_keys_all_the_same()
    {
        string[] keys = ["7", "07", "1", "01", "2", "02", "3", "03", "4", "5", "6", "8", "+1", "001"];
        var settings = new Settings("/baton.json");
        foreach (var key in keys)
            settings.Set(key, "value", "/baton.json");

        Assert.Equal(keys.Order(), settings.Root.Children.Select(section => section.Key).Order());
        Assert.Equal([1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 7, 8], settings.Root.Children.Select(section => int.Parse(section.Key, CultureInfo.InvariantCulture)));
    }

    private static bool IgnoringCase((string, string) one, (string, string) other) => one.ToString().Equals(other.ToString(), StringComparison.OrdinalIgnoreCase);

    private static (Settings Settings, IConfigurationRoot Framework) Both()
    {
        var settings = new Settings("/baton.json");
        foreach (var (key, value) in Values)
            settings.Set(key, value, "/baton.json");
        return (settings, new ConfigurationBuilder().AddInMemoryCollection(Values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))).Build());
    }

    private static Settings Of(string key)
    {
        var settings = new Settings("/baton.json");
        settings.Set(key, "value", "/baton.json");
        return settings;
    }

    private static IEnumerable<string> Shown(IConfiguration configuration) =>
        configuration.GetChildren().SelectMany(section => Shown(section).Prepend($"{section.Path} = {section.Value}"));
}
