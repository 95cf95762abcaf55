using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>
/// Every value of the configuration with its origin, by what stands below what. All sources are merged in here, in order, so that
/// what is validated is exactly what will be used. A thousand routes are ten thousand sections: the framework's own providers
/// would look through all keys each time that they are asked what stands below one.
/// </summary>
internal sealed class Settings(string file)
{
    private IConfigurationRoot? _configuration;

    public string File { get; } = file;

    /// <summary>The whole configuration.</summary>
    public SettingSection Root { get; } = new();

    /// <summary>What has a value of its own.</summary>
    public IEnumerable<SettingSection> All => Root.All;

    /// <summary>The value of that full key (<c>Baton:DrainTimeout</c>); null if none is set.</summary>
    public SettingSection? this[string key] => Root.Find(key) is { Origin: not null } section ? section : null;

    /// <summary>One of <see cref="SectionNames"/>; without anything if it is not set.</summary>
    public SettingSection Section(string name) => Root.Child(name) ?? new SettingSection();

    public void Set(string key, string? value, SettingOrigin origin)
    {
        var section = Root;
        foreach (var part in key.Split(ConfigurationPath.KeyDelimiter))
            section = section.Child(part) ?? section.Add(part);
        section.Set(value, origin);
    }

    /// <summary>Whether the key itself or anything below it is set.</summary>
    public bool Has(string key) => Root.Find(key) is not null;

    /// <summary>Where the key was set, or the first thing below it, or else the section around it, or else the file.</summary>
    public SettingOrigin OriginOf(string key)
    {
        for (var part = key; part.Length > 0; part = ParentOf(part))
        {
            if (Root.Find(part)?.FirstOrigin is { } origin)
                return origin;
        }

        return File;
    }

    /// <summary>The same settings without those keys and what is below them, to go on checking what can be read.</summary>
    public Settings Without(IReadOnlyCollection<string> keys) =>
        keys.Count == 0 ? this : Of(All.Where(section => !keys.Any(key => IsAtOrBelow(section.Path, key))));

    /// <summary>These settings with one section taken from others.</summary>
    public Settings WithSectionOf(Settings others, string section) =>
        Of(Root.Children.Where(child => !IsNamed(child, section)).Concat(others.Root.Children.Where(child => IsNamed(child, section))).SelectMany(child => child.All));

    /// <summary>Whether a section holds the same values in both, wherever they were set.</summary>
    public bool SameSection(Settings others, string section) => Section(section).IsSame(others.Section(section));

    public IConfigurationRoot ToConfiguration() =>
        _configuration ??= new ConfigurationBuilder().Add(new SettingsSource(this)).Build();

    private Settings Of(IEnumerable<SettingSection> values)
    {
        var settings = new Settings(File);
        foreach (var value in values)
            settings.Set(value.Path, value.Value, value.Origin!.Value);
        return settings;
    }

    private static bool IsNamed(SettingSection section, string name) => section.Key.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool IsAtOrBelow(string key, string section) =>
        key.StartsWith(section, StringComparison.OrdinalIgnoreCase)
        && (key.Length == section.Length || key[section.Length] == ':');

    private static string ParentOf(string key) => key.LastIndexOf(':') is > 0 and var end ? key[..end] : "";
}
