using System.Collections;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Handover.Transport;

/// <summary>
/// The features of a connection: what the connection itself is, and what was set beside or over it. These are few and most
/// connections are asked for them once, so that a list is faster than the server's dictionary.
/// </summary>
internal sealed class ConnectionFeatures(HandoverConnection connection) : IFeatureCollection
{
    private static readonly Type[] Own = [.. typeof(HandoverConnection).GetInterfaces().Where(type => type.Name.EndsWith("Feature", StringComparison.Ordinal)), typeof(HandoverConnection)];

    // The server sets four of its own; the null of a feature that was taken away hides the connection's.
    private readonly List<KeyValuePair<Type, object?>> _set = new(6);

    public bool IsReadOnly => false;

    public int Revision { get; private set; }

    public object? this[Type key]
    {
        get
        {
            var index = IndexOf(key);
            return index >= 0 ? _set[index].Value : key.IsInstanceOfType(connection) ? connection : null;
        }

        set
        {
            Revision++;
            var index = IndexOf(key);
            if (index >= 0)
                _set[index] = new(key, value);
            else
                _set.Add(new(key, value));
        }
    }

    public TFeature? Get<TFeature>()
    {
        var index = IndexOf(typeof(TFeature));
        return index >= 0 ? (TFeature?)_set[index].Value : connection is TFeature feature ? feature : default;
    }

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        foreach (var type in Own.Union(_set.Select(entry => entry.Key)))
        {
            if (this[type] is { } feature)
                yield return new(type, feature);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(Type key)
    {
        for (var index = 0; index < _set.Count; index++)
        {
            if (_set[index].Key == key)
                return index;
        }

        return -1;
    }
}
