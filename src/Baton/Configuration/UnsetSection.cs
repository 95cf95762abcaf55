using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Baton.Configuration;

/// <summary>A section without anything, as the framework has one for whatever it is asked.</summary>
/// <param name="parent">The section that was asked.</param>
/// <param name="path">What for: the full key below it.</param>
internal sealed class UnsetSection(SettingSection parent, string path) : IConfigurationSection
{
    public string Key => ConfigurationPath.GetSectionKey(path);

    public string Path => parent.Path is { Length: > 0 } around ? ConfigurationPath.Combine(around, path) : path;

    public string? Value
    {
        get => null;
        set => throw SettingSection.Unchanging();
    }

    public string? this[string key]
    {
        get => null;
        set => throw SettingSection.Unchanging();
    }

    public IConfigurationSection GetSection(string key) => new UnsetSection(parent, ConfigurationPath.Combine(path, key));

    public IEnumerable<IConfigurationSection> GetChildren() => [];

    public IChangeToken GetReloadToken() => SettingSection.NoChange;
}
