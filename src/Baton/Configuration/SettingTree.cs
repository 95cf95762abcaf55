using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>
/// The settings by what stands below what. The framework's own providers look through all keys for that, each time that they
/// are asked: with a thousand routes a hundred million comparisons, and seconds of a start.
/// </summary>
internal sealed class SettingTree
{
    private readonly Dictionary<string, SettingSection> _sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SettingSection>.AlternateLookup<ReadOnlySpan<char>> _byPath;

    public SettingTree(IEnumerable<KeyValuePair<string, Setting>> values)
    {
        _byPath = _sections.GetAlternateLookup<ReadOnlySpan<char>>();
        _sections[""] = Root;
        foreach (var (path, setting) in values)
            SectionOf(path, path).Value = setting.Value;
        foreach (var section in _sections.Values)
            section.Sort();
    }

    /// <summary>The whole configuration.</summary>
    public SettingSection Root { get; } = new("");

    /// <param name="path">Its full key; empty for the whole configuration.</param>
    /// <returns>One without anything if it is not set.</returns>
    public SettingSection Find(string path) => _sections.GetValueOrDefault(path) ?? new SettingSection(path);

    // A value's whole path is there already, and its section's mostly too: a thousand routes have ten thousand of them.
    private SettingSection SectionOf(ReadOnlySpan<char> path, string? text = null)
    {
        if (_byPath.TryGetValue(path, out var section))
            return section;
        section = new SettingSection(text ?? path.ToString());
        _sections.Add(section.Path, section);
        SectionOf(path[..Math.Max(0, path.LastIndexOf(ConfigurationPath.KeyDelimiter))]).Add(section);
        return section;
    }
}
