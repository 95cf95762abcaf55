using Baton.Handover.Processes;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>
/// Finishes what this generation has accepted: connections and tunnels move to the successor, those that cannot are asked to
/// leave, one after the other and each in its own way, and what is left at the deadline is cut.
/// </summary>
internal sealed class Drainer(
    ConnectionTable connections,
    RequestTable requests,
    TunnelTable tunnels,
    WorkSurvey survey,
    Movers movers,
    DeadlineCut deadline,
    HandoverOptions options,
    TimeProvider clock)
{
    private static readonly TimeSpan StepInterval = TimeSpan.FromMilliseconds(20);

    // Before the deadline, for those that were silent all the time to be closed in good order.
    private static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(500);

    /// <param name="timeout">Counted from the moment when nothing new can come in.</param>
    /// <param name="passage">The way to the successor; null if there is none.</param>
    /// <param name="isAccepting">Whether connections still come in, by a listener that no successor has or from a predecessor; the drain goes on until none do.</param>
    /// <param name="resumed">Ends the drain.</param>
    /// <exception cref="OperationCanceledException">The generation has resumed.</exception>
    public async Task<DrainReport> RunAsync(TimeSpan timeout, Passage? passage, Func<bool> isAccepting, CancellationToken resumed)
    {
        var began = clock.GetTimestamp();
        var count = survey.Progress.Connections;
        foreach (var connection in connections.Connections)
            connection.BeginDrain();
        foreach (var tunnel in tunnels.Tunnels)
            tunnel.StaysHere = false;
        movers.Begin(passage, timeout, resumed);
        requests.BeginDrain(); // After the movers have begun: what can move is not asked to close.
        try
        {
            // With no successor nobody has to be spared a crowd that comes back.
            var spread = passage is null ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(options.LeaveSpread.Ticks, timeout.Ticks / 2));
            var idleClosed = await AskUntilGoneAsync(timeout, spread, isAccepting, resumed);
            var cut = Left > 0 ? await deadline.RunAsync() : [];
            var (moved, tunnelsMoved) = await movers.EndAsync();
            return new DrainReport(count, moved, tunnelsMoved, requests.Finished, requests.AskedToClose, idleClosed, cut, clock.GetElapsedTime(began));
        }
        catch (OperationCanceledException)
        {
            await movers.TakenBackAsync();
            throw;
        }
        finally
        {
            requests.EndDrain();
        }
    }

    // One is counted as in transit before it leaves the table, and until it is in it again if it comes back: hence twice.
    private bool IsAnythingLeft => movers.InTransit + Left + movers.InTransit > 0;

    private int Left => connections.Count + tunnels.Adopted.Count();

    private async Task<int> AskUntilGoneAsync(TimeSpan timeout, TimeSpan spread, Func<bool> isAccepting, CancellationToken resumed)
    {
        var began = clock.GetTimestamp();
        var closedSince = began;
        var leaving = new Dictionary<HandoverConnection, ConnectionDrain>();
        var closing = new Dictionary<ITunnel, TunnelDrain>();
        var schedule = new LeaveSchedule(connections.Connections.Count(connection => !connection.IsMoving), spread);
        var tunnelSchedules = Tunnels.GroupBy(tunnel => tunnel.Policy).ToDictionary(group => group.Key, group => Schedule(group.Key, group.Count()));
        var idleClosed = 0;
        using var timer = new PeriodicTimer(StepInterval, clock);
        do
        {
            // A connection can still come in: it was on its way out of the queue, or a listener is being emptied.
            foreach (var connection in connections.Connections.Where(connection => !connection.IsMoving))
            {
                if (!leaving.TryGetValue(connection, out var drain))
                    leaving.Add(connection, drain = new ConnectionDrain(connection, requests, schedule.Next(), options.IdleLinger, clock));
                if (drain.Step(clock.GetElapsedTime(began), isLast: clock.GetElapsedTime(closedSince) > timeout - LastMoment) && !connection.IsPrivate)
                    idleClosed++;
            }

            foreach (var tunnel in Tunnels)
            {
                if (!closing.TryGetValue(tunnel, out var drain))
                {
                    if (!tunnelSchedules.TryGetValue(tunnel.Policy, out var turns))
                        tunnelSchedules.Add(tunnel.Policy, turns = Schedule(tunnel.Policy, 1));
                    closing.Add(tunnel, drain = new TunnelDrain(tunnel, turns?.Next()));
                }

                drain.Step(clock.GetElapsedTime(began));
            }
        }
        while (GoesOn() && await timer.WaitForNextTickAsync(resumed));

        return idleClosed;

        bool GoesOn()
        {
            if (!isAccepting()) // Asked before the count: what it has accepted is counted.
                return IsAnythingLeft && clock.GetElapsedTime(closedSince) < timeout;
            closedSince = clock.GetTimestamp();
            return true;
        }
    }

    private IEnumerable<ITunnel> Tunnels => requests.Active.Select(request => request.Tunnel).OfType<ITunnel>().Concat(tunnels.Adopted);

    private static LeaveSchedule? Schedule(TunnelDrainPolicy policy, int count) => policy.CloseOver is { } over ? new LeaveSchedule(count, over) : null;
}
