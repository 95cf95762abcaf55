using Baton.Bench.Measuring;

namespace Baton.Bench.Peers;

/// <summary>All that was measured, in the order in which it was first measured.</summary>
internal sealed class Measurements
{
    private readonly OrderedDictionary<Row, Dictionary<string, List<double>>> _values = [];
    private readonly List<string> _notes = [];

    public IReadOnlyList<Row> Rows => [.. _values.Keys];

    /// <summary>What has to be known beside the numbers: what was left out, what failed.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public void Add(Row row, Peer peer, double value)
    {
        if (!_values.TryGetValue(row, out var peers))
            _values.Add(row, peers = []);
        if (!peers.TryGetValue(peer.Name, out var values))
            peers.Add(peer.Name, values = []);
        values.Add(value);
    }

    public void Note(string text)
    {
        Console.Error.WriteLine(text);
        _notes.Add(text);
    }

    public IReadOnlyList<double> Of(Row row, string peer) => _values.GetValueOrDefault(row)?.GetValueOrDefault(peer) ?? [];

    /// <summary>Null if nothing was measured.</summary>
    public Spread? Spread(Row row, string peer) => Of(row, peer) is { Count: > 0 } values ? new Spread(values) : null;
}
