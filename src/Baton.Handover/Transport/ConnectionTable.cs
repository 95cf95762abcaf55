using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Baton.Handover.Transport;

/// <summary>Every open connection of this process, from its accept until its socket is closed: those in the server, and idle ones outside of it.</summary>
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
        _ = WakeWhenWantedAsync(idle, idle.WaitAsync());
        if (_isAwake)
            _ = WakeAsync(idle);
    }

    /// <summary>Takes one that is outside of the server away from here.</summary>
    /// <returns>False if its client has sent something, or somebody else has taken it.</returns>
    public async Task<bool> TryTakeAsync(IdleConnection idle)
    {
        if (!await idle.TryTakeAsync() || !_idle.TryRemove(idle, out _))
            return false;
        Interlocked.Decrement(ref _count);
        return true;
    }

    /// <summary>Gives all that are outside of the server back to it, and what would be taken out from now on.</summary>
    public Task WakeAllAsync()
    {
        _isAwake = true;
        return Task.WhenAll(Idle.Select(WakeAsync).ToList());
    }

    /// <summary>Connections may be outside of the server again.</summary>
    public void AllowRest() => _isAwake = false;

    private async Task WakeAsync(IdleConnection idle)
    {
        if (await idle.TryTakeAsync())
            Wake(idle);
    }

    private async Task WakeWhenWantedAsync(IdleConnection idle, Task<bool> wanted)
    {
        if (await wanted)
            Wake(idle);
    }

    private void Wake(IdleConnection idle)
    {
        if (!_idle.TryRemove(idle, out _))
            return;
        idle.Wake();
        Interlocked.Decrement(ref _count);
    }
}
