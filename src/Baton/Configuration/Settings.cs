using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>
/// Every value of the configuration under its full key (<c>Baton:DrainTimeout</c>), with its origin. All sources are
/// merged in here, in order, so that what is validated is exactly what will be used.
/// </summary>
internal sealed class Settings(string file)
{
    private readonly Dictionary<string, Setting> _values = new(StringComparer.OrdinalIgnoreCase);
    private IConfigurationRoot? _configuration;
    private SettingTree? _tree;

    public string File { get; } = file;

    public IEnumerable<(string Key, Setting Setting)> All => _values.Select(pair => (pair.Key, pair.Value));

    public Setting? this[string key] => _values.GetValueOrDefault(key);

    public SettingTree Tree => _tree ??= new SettingTree(_values);

    public void Set(string key, string? value, SettingOrigin origin)
    {
        _values[key] = new Setting(value, origin);
        (_tree, _configuration) = (null, null);
    }

    /// <summary>Whether the key itself or anything below it is set.</summary>
    public bool Has(string key) => _values.Keys.Any(other => IsAtOrBelow(other, key));

    /// <summary>Where the key was set, or the first thing below it, or else the section around it, or else the file.</summary>
    public SettingOrigin OriginOf(string key)
    {
        for (var part = key; part.Length > 0; part = ParentOf(part))
        {
            if (_values.TryGetValue(part, out var setting))
                return setting.Origin;
            var below = _values.FirstOrDefault(pair => IsAtOrBelow(pair.Key, part)).Value;
            if (below is not null)
                return below.Origin;
        }

        return File;
    }

    /// <summary>The same settings without those keys and what is below them, to go on checking what can be read.</summary>
    public Settings Without(IReadOnlyCollection<string> keys)
    {
        if (keys.Count == 0)
            return this;
        var rest = new Settings(File);
        foreach (var (key, setting) in _values.Where(pair => !keys.Any(key => IsAtOrBelow(pair.Key, key))))
            rest._values[key] = setting;
        return rest;
    }

    /// <summary>These settings with one section taken from others.</summary>
    public Settings WithSectionOf(Settings others, string section)
    {
        var mixed = new Settings(File);
        foreach (var (key, setting) in _values.Where(pair => !IsAtOrBelow(pair.Key, section)))
            mixed._values[key] = setting;
        foreach (var (key, setting) in others._values.Where(pair => IsAtOrBelow(pair.Key, section)))
            mixed._values[key] = setting;
        return mixed;
    }

    /// <summary>Whether a section holds the same values in both, wherever they were set.</summary>
    public bool SameSection(Settings others, string section)
    {
        var mine = _values.Where(pair => IsAtOrBelow(pair.Key, section)).ToList();
        return mine.Count == others._values.Keys.Count(key => IsAtOrBelow(key, section))
            && mine.All(pair => others._values.TryGetValue(pair.Key, out var other) && other.Value == pair.Value.Value);
    }

    public IConfigurationRoot ToConfiguration() =>
        _configuration ??= new ConfigurationBuilder().Add(new SettingsSource(this)).Build();

    private static bool IsAtOrBelow(string key, string section) =>
        key.StartsWith(section, StringComparison.OrdinalIgnoreCase)
        && (key.Length == section.Length || key[section.Length] == ':');

    private static string ParentOf(string key) => key.LastIndexOf(':') is > 0 and var end ? key[..end] : "";
}
