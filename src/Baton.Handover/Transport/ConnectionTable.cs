using System.Collections.Concurrent;

namespace Baton.Handover.Transport;

/// <summary>Every open connection of this process, from its accept until its socket is closed.</summary>
internal sealed class ConnectionTable(TrafficCounters traffic)
{
    private readonly ConcurrentDictionary<long, HandoverConnection> _connections = new();

    public int Count => _connections.Count;

    public IEnumerable<HandoverConnection> Connections => _connections.Select(entry => entry.Value);

    public void CountAccepted() => traffic.CountConnection();

    public void Add(HandoverConnection connection) => _connections[connection.Number] = connection;

    public void Remove(HandoverConnection connection) => _connections.TryRemove(connection.Number, out _);
}
