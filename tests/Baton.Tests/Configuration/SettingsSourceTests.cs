using Baton.Configuration;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Baton.Tests.Configuration;

/// <summary>The settings as the framework reads them: sections, and what stands below each.</summary>
public sealed class SettingsSourceTests
{
    [Fact]
    public void Sections_are_those_that_the_frameworks_own_provider_shows_in_its_order()
    {
        (string Key, string? Value)[] values =
        [
            ("Section:10:Name", "ten"), ("Section:9:Name", "nine"), ("section:9:Other", null), ("Section", "its own value"), ("SECTION:a:b:c", "deep"),
            ("Section:b", "b"), ("Section:B:c", "below it"), ("Sectional", "not below it"), ("Colon:", "no name below"), ("Empty", ""),
        ];
        var settings = new Settings("/baton.json");
        foreach (var (key, value) in values)
            settings.Set(key, value, "/baton.json");
        var expected = new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))).Build();

        Assert.Equal(Shown(expected), Shown(settings.ToConfiguration()));
        Assert.Contains("Section:a:b:c = deep", Shown(expected), StringComparer.OrdinalIgnoreCase);
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

    private static Settings Of(string key)
    {
        var settings = new Settings("/baton.json");
        settings.Set(key, "value", "/baton.json");
        return settings;
    }

    private static IEnumerable<string> Shown(IConfiguration configuration) =>
        configuration.GetChildren().SelectMany(section => Shown(section).Prepend($"{section.Path} = {section.Value}"));
}
