using Baton.Handover.Processes;
using Baton.Handover.Transport;
using Microsoft.AspNetCore.Connections;

namespace Baton.Handover.Hosting;

/// <summary>
/// Finishes what this generation has accepted: connections move to the successor, those that cannot are asked to leave, each
/// in its own way, and what is left at the deadline is cut.
/// </summary>
internal sealed class Drainer(ConnectionTable connections, RequestTable requests, ConnectionMover mover, HandoverOptions options, TimeProvider clock)
{
    private static readonly TimeSpan StepInterval = TimeSpan.FromMilliseconds(20);

    // For the answers to close frames, and for aborted connections to unwind.
    private static readonly TimeSpan CutGrace = TimeSpan.FromSeconds(1);

    /// <param name="timeout">Counted from the moment when nothing new can come in.</param>
    /// <param name="passage">The way to the successor; null if there is none.</param>
    /// <param name="isAccepting">Whether a listener that no successor has still accepts; the drain goes on until it is closed.</param>
    /// <param name="resumed">Ends the drain.</param>
    /// <exception cref="OperationCanceledException">The generation has resumed.</exception>
    public async Task<DrainReport> RunAsync(TimeSpan timeout, Passage? passage, Func<bool> isAccepting, CancellationToken resumed)
    {
        var began = clock.GetTimestamp();
        var count = connections.Count;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(resumed);
        var moving = passage?.Takes(ChannelMessage.Connections) == true ? mover.RunAsync(passage, ended.Token) : Task.FromResult(0);
        requests.BeginDrain(); // After the mover has begun: what can move is not asked to close.
        try
        {
            var idleClosed = await AskUntilGoneAsync(timeout, isAccepting, resumed);
            await ended.CancelAsync();
            var cut = connections.Count > 0 ? await CutAsync() : [];
            await Task.WhenAny(moving, Task.Delay(CutGrace, clock, resumed)); // The successor has copies of what it has not answered.
            return new DrainReport(count, moving.IsCompleted ? await moving : mover.Moved, requests.Finished, requests.AskedToClose, idleClosed, cut, clock.GetElapsedTime(began));
        }
        catch (OperationCanceledException)
        {
            await moving; // Whatever was on its way goes on here.
            throw;
        }
        finally
        {
            requests.EndDrain();
        }
    }

    private async Task<int> AskUntilGoneAsync(TimeSpan timeout, Func<bool> isAccepting, CancellationToken resumed)
    {
        var closedSince = clock.GetTimestamp();
        var drains = new Dictionary<HandoverConnection, ConnectionDrain>();
        var idleClosed = 0;
        using var timer = new PeriodicTimer(StepInterval, clock);
        do
        {
            // A connection can still come in: it was on its way out of the queue, or a listener is being emptied.
            foreach (var connection in connections.Connections)
            {
                if (!drains.TryGetValue(connection, out var drain))
                    drains.Add(connection, drain = new ConnectionDrain(connection, requests, options.IdleLinger, clock));
                if (drain.Step())
                    idleClosed++;
            }
        }
        while (GoesOn() && await timer.WaitForNextTickAsync(resumed));

        return idleClosed;

        bool GoesOn()
        {
            if (!isAccepting()) // Asked before the count: what it has accepted is counted.
                return connections.Count + mover.InTransit > 0 && clock.GetElapsedTime(closedSince) < timeout;
            closedSince = clock.GetTimestamp();
            return true;
        }
    }

    private async Task<IReadOnlyList<CutWork>> CutAsync()
    {
        var left = requests.Active.ToList();
        var silent = connections.Connections.Count(connection => connection.ActiveRequests == 0);
        List<CutWork> cut = [.. left
            .GroupBy(request => (request.Route, Kind: request.Tunnel is null ? "request" : "tunnel"))
            .Select(group => new CutWork(group.Key.Route, group.Key.Kind, group.Count()))];
        if (silent > 0)
            cut.Add(new CutWork("(none)", "connection", silent));

        using var grace = new CancellationTokenSource(CutGrace, clock);
        await Task.WhenAll(left.Where(request => request.Tunnel is not null).Select(request => CloseTunnelAsync(request, grace.Token)));
        foreach (var connection in connections.Connections)
            connection.Abort(new ConnectionAbortedException("The drain's deadline has come."));
        return cut;
    }

    private async Task CloseTunnelAsync(TrackedRequest request, CancellationToken grace)
    {
        try
        {
            await request.Tunnel!.CloseAsync(grace);
            while (requests.IsActive(request))
                await Task.Delay(StepInterval, clock, grace);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // It did not answer in time, or is gone; either way its connection is aborted next.
        }
    }
}
