using Baton.Handover.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Baton.Handover.Hosting;

/// <summary>
/// Takes connections out of the server that have been idle for a while: it keeps some 18 kB for each. Those that stay idle for
/// longer than its keep-alive timeout are closed.
/// </summary>
/// <remarks>With <see cref="KestrelServerLimits.MaxConcurrentConnections"/> all stay in the server, which counts them.</remarks>
internal sealed class IdleSweep(ConnectionTable connections, RequestTable requests, TrafficCounters traffic, IOptions<KestrelServerOptions> server, TimeProvider clock) : IHandoverObserver
{
    /// <summary>
    /// Longer than a page and what it loads take, shorter than any keep-alive timeout. To go out of the server and back costs
    /// about as much processor time as a request.
    /// </summary>
    private static readonly TimeSpan RestAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    // Thousands may have become idle in the same second. Some three milliseconds of work, then as much time as requests need to catch up.
    private const int AtOnce = 32;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // Some 18 MB. What the server kept for them is spread over the heap: only a collection that compacts gives it back. It stops
    // the process for 0.1 s, so it is for one that nobody asks anything of, which would not collect for hours; others do anyway.
    private const int WorthCollecting = 1000;

    private volatile bool _isServing;
    private Task? _running;
    private int _uncollected;
    private long _answered;

    private bool MayRest => server.Value.Limits.MaxConcurrentConnections is null;

    public ValueTask OnPhaseAsync(HandoverNotice notice)
    {
        // Nothing more is done here when an upgrade comes: descriptors may have run out, without which the pool has no further thread.
        _isServing = notice.Phase is HandoverPhase.Serving or HandoverPhase.Launching;
        if (!_isServing || !MayRest)
            return ValueTask.CompletedTask;
        connections.AllowRest();
        _running ??= RunAsync();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes one from the predecessor: it rests on, or goes into the server.</summary>
    public void Adopt(IdleConnection connection)
    {
        if (MayRest && connection.History.Requests > 0 && IsIdleSince(connection.LastActive))
            connections.Rest(connection);
        else
            connection.Wake();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(SweepInterval, clock);
        while (await timer.WaitForNextTickAsync())
        {
            await RestAsync();
            foreach (var idle in connections.Idle.Where(idle => _isServing && clock.GetElapsedTime(idle.LastActive) > server.Value.Limits.KeepAliveTimeout))
            {
                if (await connections.TryTakeAsync(idle) is not null)
                    _ = idle.CloseAsync();
            }

            if (_isServing)
                CollectIfQuiet();
        }
    }

    // What is idle in an upgrade moves, or leaves.
    private async Task RestAsync()
    {
        var looked = 0;
        foreach (var connection in connections.Connections.Where(connection => _isServing && IsIdle(connection)))
        {
            _uncollected += await connections.TryRestAsync(connection) ? 1 : 0;
            if (++looked % AtOnce == 0)
                await Task.Delay(Pause, clock);
        }
    }

    private void CollectIfQuiet()
    {
        var (before, now) = (_answered, traffic.Own.Answered);
        _answered = now;
        if (_uncollected < WorthCollecting || now > before || requests.Active.Any())
            return;
        _uncollected = 0;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private bool IsIdle(HandoverConnection connection) =>
        connection is { Kind: ConnectionKind.Http1, ActiveRequests: 0, CanMove: true, IsAsked: false, IsPrivate: false, IsInner: false }
        && IsIdleSince(connection.LastActive);

    private bool IsIdleSince(long lastActive) => clock.GetElapsedTime(lastActive) > RestAfter;
}
