using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Baton.Configuration;

/// <summary>
/// A value, or a section with what stands directly below it. YARP's reader, which asks for everything that a route or cluster
/// may have, reads it in place of the framework's sections: those make a key of each question, and look for it among all.
/// </summary>
internal sealed class SettingSection : IConfigurationSection
{
    // Up to so many a look at each is as quick as a table of their names, and most sections have no more.
    private const int Few = 8;

    public static readonly IChangeToken NoChange = new CancellationChangeToken(CancellationToken.None);

    private readonly SettingSection? _parent;
    private SettingSection[] _few = []; // No list: of a thousand routes there are thousands of them, most with one child.
    private ManySections? _many; // in their place
    private SettingSection? _first; // of the children the one that was set first
    private SettingOrigin _origin;

    /// <summary>The whole configuration, or a part of it that is not set.</summary>
    public SettingSection() => Key = "";

    private SettingSection(SettingSection parent, string key) => (_parent, Key) = (parent, key);

    /// <summary>The last part of the path.</summary>
    public string Key { get; }

    /// <summary>The full key, as in <c>Baton:DrainTimeout</c>; empty for the whole configuration.</summary>
    public string Path => _parent?.Path is { Length: > 0 } around ? ConfigurationPath.Combine(around, Key) : Key;

    public string? Value { get; private set; }

    /// <summary>Where the value was set; null if only something below was.</summary>
    public SettingOrigin? Origin => _origin.Source is null ? default(SettingOrigin?) : _origin;

    /// <summary>Where it was set, or else the first thing below it; null for what is not set.</summary>
    public SettingOrigin? FirstOrigin => Origin ?? _first?.FirstOrigin;

    /// <summary>In order; see <see cref="Compare"/>.</summary>
    public IReadOnlyList<SettingSection> Children => _many is null ? _few : _many.InOrder;

    /// <summary>All that is set below it, and itself if it is.</summary>
    public IEnumerable<SettingSection> All =>
        Children.SelectMany(child => child.All).Concat(Origin is null ? [] : [this]);

    string? IConfiguration.this[string key]
    {
        get => Find(key)?.Value;
        set => throw Unchanging();
    }

    string? IConfigurationSection.Value
    {
        get => Value;
        set => throw Unchanging();
    }

    public void Set(string? value, SettingOrigin origin) => (Value, _origin) = (value, origin);

    /// <summary>What stands there, below this section; null if nothing does.</summary>
    public SettingSection? Find(ReadOnlySpan<char> path)
    {
        var section = this;
        foreach (var part in path.Split(ConfigurationPath.KeyDelimiter))
        {
            section = section.Child(path[part]);
            if (section is null)
                return null;
        }

        return section;
    }

    /// <summary>What stands directly below this section; null if nothing does.</summary>
    /// <param name="key">Without the delimiter.</param>
    public SettingSection? Child(ReadOnlySpan<char> key)
    {
        if (_many is not null)
            return _many.Find(key);
        foreach (var child in _few)
        {
            if (key.Equals(child.Key, StringComparison.OrdinalIgnoreCase))
                return child;
        }

        return null;
    }

    /// <summary>Makes what is to stand directly below this section, where nothing does yet. It is to be set, or something below it.</summary>
    /// <param name="key">Without the delimiter.</param>
    public SettingSection Add(string key)
    {
        var child = new SettingSection(this, key);
        _first ??= child;
        if (_many is null && _few.Length == Few)
            (_many, _few) = (new ManySections(_few), []);
        if (_many is not null)
            _many.Add(child);
        else
            _few = Insert(child);
        return child;
    }

    /// <summary>Whether the same values are set in both, wherever that was.</summary>
    public bool IsSame(SettingSection other) =>
        Origin is null == other.Origin is null && Value == other.Value && Children.Count == other.Children.Count
        && Children.All(child => other.Child(child.Key) is { } match && child.IsSame(match));

    /// <summary>The order in which the framework shows sections: 2 before 10.</summary>
    public static int Compare(SettingSection one, SettingSection other) =>
        IsName(one) && IsName(other) ? StringComparer.OrdinalIgnoreCase.Compare(one.Key, other.Key) : ConfigurationKeyComparer.Instance.Compare(one.Key, other.Key);

    /// <summary>What the framework gets that wants to set something.</summary>
    public static NotSupportedException Unchanging() => new("A configuration that was read does not change.");

    IConfigurationSection IConfiguration.GetSection(string key) => (IConfigurationSection?)Find(key) ?? new UnsetSection(this, key);

    IEnumerable<IConfigurationSection> IConfiguration.GetChildren() => Children;

    IChangeToken IConfiguration.GetReloadToken() => NoChange;

    private SettingSection[] Insert(SettingSection child)
    {
        var place = _few.Length;
        while (place > 0 && Compare(_few[place - 1], child) > 0)
            place--;
        return [.. _few.AsSpan(0, place), child, .. _few.AsSpan(place)];
    }

    // No number, for which the framework's comparer would look first.
    private static bool IsName(SettingSection section) => section.Key is [var first, ..] && char.IsAsciiLetter(first);
}
