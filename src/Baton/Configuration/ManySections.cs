namespace Baton.Configuration;

/// <summary>What stands directly below a section if it is much, as the routes and the clusters are.</summary>
internal sealed class ManySections
{
    private static readonly Comparer<SettingSection> Order = Comparer<SettingSection>.Create(SettingSection.Compare);

    private readonly List<SettingSection> _inOrder;
    private readonly Dictionary<string, SettingSection> _byKey;

    /// <param name="few">In order.</param>
    public ManySections(IReadOnlyList<SettingSection> few)
    {
        _inOrder = [.. few];
        _byKey = few.ToDictionary(section => section.Key, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<SettingSection> InOrder => _inOrder;

    public SettingSection? Find(ReadOnlySpan<char> key) =>
        _byKey.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var found) ? found : null;

    public void Add(SettingSection section)
    {
        // Files tend to be in order, and a comparison takes longer than all else here.
        var place = SettingSection.Compare(_inOrder[^1], section) <= 0 ? _inOrder.Count : _inOrder.BinarySearch(section, Order);
        _inOrder.Insert(place < 0 ? ~place : place, section); // Not below: 1 and 01 are alike.
        _byKey.Add(section.Key, section);
    }
}
