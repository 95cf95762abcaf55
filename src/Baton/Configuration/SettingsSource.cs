using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>
/// Shows settings to the framework as a configuration source whose content is replaced in one step. The framework's own
/// JSON provider with reloadOnChange would not do: on a syntax error it clears its data first and reports afterwards,
/// so that a slip of the editor takes every route away.
/// </summary>
internal sealed class SettingsSource(Settings settings) : ConfigurationProvider, IConfigurationSource
{
    /// <summary>Those in force; never changed once they are, so that a reader sees the old or the new ones whole.</summary>
    public Settings Settings { get; private set; } = settings;

    /// <summary>Puts validated settings in place of the old ones and tells whoever listens for changes.</summary>
    public void Replace(Settings settings)
    {
        Settings = settings;
        OnReload();
    }

    /// <inheritdoc />
    public override bool TryGet(string key, out string? value)
    {
        var setting = Settings[key];
        value = setting?.Value;
        return setting is not null;
    }

    /// <inheritdoc />
    public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
    {
        var keys = (parentPath is null ? Settings.Root : Settings.Root.Find(parentPath))?.Children.Select(section => section.Key) ?? [];
        List<string> earlier = [.. earlierKeys];
        return earlier.Count == 0 ? keys : earlier.Concat(keys).Order(ConfigurationKeyComparer.Instance);
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}
