using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Baton.Configuration;

/// <summary>
/// A value, or a section with what stands directly below it. YARP's reader, which asks for everything that a route or cluster
/// may have, reads it in place of the framework's sections: those make a key of each question, and look for it among all.
/// </summary>
internal sealed class SettingSection : IConfigurationSection
{
    private static readonly CancellationChangeToken NoChange = new(CancellationToken.None);

    private readonly SettingSection? _parent;
    private string? _path;
    private List<SettingSection>? _children;

    /// <param name="path">Its full key, as in <c>Baton:DrainTimeout</c>; empty for the whole configuration.</param>
    public SettingSection(string path) => (_path, Key) = (path, ConfigurationPath.GetSectionKey(path));

    // One that is not set.
    private SettingSection(SettingSection parent, string key) => (_parent, Key) = (parent, key);

    public string Path => _path ??= _parent!.Path.Length == 0 ? Key : ConfigurationPath.Combine(_parent.Path, Key);

    /// <summary>The last part of the path.</summary>
    public string Key { get; }

    public string? Value { get; set; }

    /// <summary>In the order of <see cref="ConfigurationKeyComparer"/>, as the framework shows them: 2 before 10.</summary>
    public IReadOnlyList<SettingSection> Children => _children ?? [];

    string? IConfiguration.this[string key]
    {
        get => Find(key)?.Value;
        set => throw new NotSupportedException("A configuration that was read does not change.");
    }

    public void Add(SettingSection child) => (_children ??= []).Add(child);

    public void Sort() => _children?.Sort((one, other) => ConfigurationKeyComparer.Instance.Compare(one.Key, other.Key));

    IConfigurationSection IConfiguration.GetSection(string key) => Find(key) ?? new SettingSection(this, key);

    IEnumerable<IConfigurationSection> IConfiguration.GetChildren() => Children;

    IChangeToken IConfiguration.GetReloadToken() => NoChange;

    // Few stand below a section that is asked so; of the many routes and clusters all are read.
    private SettingSection? Find(ReadOnlySpan<char> key)
    {
        var section = this;
        foreach (var part in key.Split(ConfigurationPath.KeyDelimiter))
        {
            section = section.Child(key[part]);
            if (section is null)
                return null;
        }

        return section;
    }

    private SettingSection? Child(ReadOnlySpan<char> key)
    {
        foreach (var child in Children)
        {
            if (key.Equals(child.Key, StringComparison.OrdinalIgnoreCase))
                return child;
        }

        return null;
    }
}
