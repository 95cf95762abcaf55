using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>A value, or a section with what stands directly below it.</summary>
/// <param name="path">Its full key, as in <c>Baton:DrainTimeout</c>.</param>
internal sealed class SettingSection(string path)
{
    private List<SettingSection>? _children;

    public string Path => path;

    /// <summary>The last part of the path.</summary>
    public string Key { get; } = ConfigurationPath.GetSectionKey(path);

    public string? Value { get; set; }

    /// <summary>In the order of <see cref="ConfigurationKeyComparer"/>, as the framework shows them: 2 before 10.</summary>
    public IReadOnlyList<SettingSection> Children => _children ?? [];

    public void Add(SettingSection child) => (_children ??= []).Add(child);

    public void Sort() => _children?.Sort((one, other) => ConfigurationKeyComparer.Instance.Compare(one.Key, other.Key));
}
