using Microsoft.Extensions.Configuration;

namespace Baton.Configuration;

/// <summary>
/// What stands directly below each section. The framework's own providers look through all keys for that, each time that they
/// are asked: with a thousand routes a hundred million comparisons, and seconds of a start.
/// </summary>
internal sealed class SectionKeys
{
    private readonly Dictionary<string, List<string>> _below = new(StringComparer.OrdinalIgnoreCase);

    public SectionKeys(IEnumerable<string> keys)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in keys)
        {
            for (var path = key; path.Length > 0 && seen.Add(path);)
            {
                var section = ConfigurationPath.GetParentPath(path) ?? "";
                if (!_below.TryGetValue(section, out var names))
                    _below[section] = names = [];
                names.Add(ConfigurationPath.GetSectionKey(path));
                path = section;
            }
        }
    }

    /// <param name="section">Its full key; empty for the whole configuration.</param>
    /// <returns>Each name once, in no order.</returns>
    public IReadOnlyList<string> Below(string section) => _below.GetValueOrDefault(section) ?? [];
}
