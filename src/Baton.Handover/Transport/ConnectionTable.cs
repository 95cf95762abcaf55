using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Baton.Handover.Transport;

/// <summary>Every open connection of this process, from its accept until the server is done with it: those in the server, and idle ones outside of it.</summary>
internal sealed class ConnectionTable(TrafficCounters traffic, ILogger<ConnectionTable> log)
{
    private readonly ConcurrentDictionary<long, HandoverConnection> _connections = new();
    private readonly ConcurrentDictionary<IdleConnection, bool> _idle = new();
    private int _count;
    private volatile bool _isAwake;

    /// <summary>All of them. One that goes into the server or out of it may count twice meanwhile; none is ever left out.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Those in the server.</summary>
    public IEnumerable<HandoverConnection> Connections => _connections.Select(entry => entry.Value);

    /// <summary>Those outside of it.</summary>
    public IEnumerable<IdleConnection> Idle => _idle.Select(entry => entry.Key);

    /// <summary>Set while connections move: takes each that has just ended a request, which took so long, or lets the server go on with it.</summary>
    public Action<HandoverConnection, TimeSpan>? Moving { get; set; }

    public void CountAccepted() => traffic.CountConnection();

    public void Add(HandoverConnection connection)
    {
        Interlocked.Increment(ref _count);
        _connections[connection.Number] = connection;
    }

    public void Remove(HandoverConnection connection)
    {
        if (_connections.TryRemove(connection.Number, out _))
            Interlocked.Decrement(ref _count);
    }

    /// <summary>Takes a connection out of the server if it can be, until its client sends something.</summary>
    /// <returns>Whether it could.</returns>
    public async Task<bool> TryRestAsync(HandoverConnection connection)
    {
        Interlocked.Increment(ref _count);
        try
        {
            if (await connection.TryTakeAsync() is not { } idle)
                return false;
            Rest(idle);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Keeps a connection outside of the server until its client sends something.</summary>
    public void Rest(IdleConnection idle)
    {
        Interlocked.Increment(ref _count);
        _idle[idle] = true;
        log.Rests(idle.History.Id);
        _ = WakeIfAsync(idle.WaitAsync(), idle);
        if (_isAwake)
            _ = WakeIfAsync(idle.TryTakeAsync(), idle);
    }

    /// <summary>Takes one that is outside of the server away from here.</summary>
    /// <returns>It; null if its client has sent something, or somebody else has taken it.</returns>
    public async Task<IdleConnection?> TryTakeAsync(IdleConnection idle)
    {
        if (!await idle.TryTakeAsync() || !_idle.TryRemove(idle, out _))
            return null;
        Interlocked.Decrement(ref _count);
        return idle;
    }

    /// <summary>Gives all that are outside of the server back to it, and what would be taken out from now on.</summary>
    public Task WakeAllAsync()
    {
        _isAwake = true;
        return Task.WhenAll(Idle.Select(idle => WakeIfAsync(idle.TryTakeAsync(), idle)).ToList());
    }

    /// <summary>Connections may be outside of the server again.</summary>
    public void AllowRest() => _isAwake = false;

    // Whoever has it may also be told that the client wants it: the first one wakes it.
    private async Task WakeIfAsync(Task<bool> isOurs, IdleConnection idle)
    {
        if (!await isOurs || !_idle.TryRemove(idle, out _))
            return;
        idle.Wake();
        Interlocked.Decrement(ref _count);
    }
}
