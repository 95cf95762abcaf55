using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Baton.Handover.Processes;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>Passes connections to the successor, each as soon as it is idle; one that is not taken there goes on here.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore whose wait handle is not used holds nothing.")]
internal sealed class ConnectionMover(ConnectionTable connections, RequestTable requests, TimeProvider clock)
{
    // Small enough that a request which arrives on the way, here or there, waits a few milliseconds for its turn; large enough
    // for 10,000 connections a second.
    private const int BatchSize = 32;
    private const int MaxInTransit = 4 * BatchSize;
    private const int Senders = 2;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _room = new(MaxInTransit);
    private int _inTransit;
    private int _moved;

    /// <summary>Connections that are being taken from the server, or on their way.</summary>
    public int InTransit => Volatile.Read(ref _inTransit);

    /// <summary>Connections that the successor has adopted since the drain began.</summary>
    public int Moved => Volatile.Read(ref _moved);

    /// <summary>
    /// Runs until the drain is over or the generation resumes; nothing is in transit when it returns, so it may wait for a
    /// successor that does not answer.
    /// </summary>
    /// <returns>How many have moved.</returns>
    public async Task<int> RunAsync(Passage passage, CancellationToken ended)
    {
        _moved = 0;
        var taken = Channel.CreateUnbounded<IdleConnection>();
        var senders = Enumerable.Range(0, Senders).Select(_ => SendAsync(taken.Reader, passage)).ToList();
        requests.Moving = connection => Follow(connection.TryTakeAsync);
        try
        {
            using var timer = new PeriodicTimer(SweepInterval, clock);
            do
            {
                foreach (var take in All())
                {
                    await _room.WaitAsync(ended);
                    _room.Release();
                    Follow(take);
                }
            }
            while (passage.Takes(ChannelMessage.Connections) && await timer.WaitForNextTickAsync(ended));
            await StayAsync();
        }
        catch (OperationCanceledException)
        {
            // What is on its way is still passed, or taken back.
        }
        finally
        {
            requests.Moving = null;
            while (InTransit > 0)
                await Task.Delay(SweepInterval, clock, CancellationToken.None);
            taken.Writer.Complete();
            await Task.WhenAll(senders);
        }

        return Moved;

        IEnumerable<Func<Task<IdleConnection?>>> All() =>
            connections.Connections.Select(connection => (Func<Task<IdleConnection?>>)connection.TryTakeAsync)
                .Concat(connections.Idle.Select(idle => (Func<Task<IdleConnection?>>)(() => connections.TryTakeAsync(idle))));

        void Follow(Func<Task<IdleConnection?>> take) => _ = TakeAsync(take, taken.Writer);
    }

    /// <summary>Nothing moves, or nothing more: all connections are the server's, which ends them.</summary>
    /// <returns>That none has moved.</returns>
    public async Task<int> StayAsync()
    {
        await connections.WakeAllAsync();
        return 0;
    }

    private async Task TakeAsync(Func<Task<IdleConnection?>> take, ChannelWriter<IdleConnection> taken)
    {
        Interlocked.Increment(ref _inTransit); // Before it leaves the table, so that a drain sees it in one place or the other.
        IdleConnection? idle = null;
        try
        {
            idle = await take();
        }
        finally
        {
            if (idle is null)
                Interlocked.Decrement(ref _inTransit);
        }

        if (idle is null)
            return;
        await _room.WaitAsync();
        taken.TryWrite(idle);
    }

    private async Task SendAsync(ChannelReader<IdleConnection> taken, Passage passage)
    {
        var batch = new List<IdleConnection>(BatchSize);
        while (await taken.WaitToReadAsync())
        {
            while (batch.Count < BatchSize && taken.TryRead(out var connection))
                batch.Add(connection);
            if (batch.Count == 0)
                continue;

            await PassAsync(batch, passage);
            _room.Release(batch.Count);
            Interlocked.Add(ref _inTransit, -batch.Count);
            batch.Clear();
        }
    }

    private async Task PassAsync(List<IdleConnection> batch, Passage passage)
    {
        var message = new ChannelMessage(ChannelMessage.Connections) { Passed = [.. batch.Select(Write)] };
        int[] fds = [.. batch.Select(connection => (int)connection.Socket.SafeHandle.DangerousGetHandle())];
        var refused = await passage.PassAsync(message, fds, CancellationToken.None);
        for (var index = 0; index < batch.Count; index++)
        {
            var connection = batch[index];
            if (refused?.Contains(index) == false)
            {
                connection.Socket.Dispose(); // Nothing is pending on it: this is close(2), and the successor's copy lives on.
                Interlocked.Increment(ref _moved);
                continue;
            }

            connection.StaysHere = true;
            connection.Wake();
        }

        PassedConnection Write(IdleConnection connection) =>
            ConnectionFormat.Write(connection.History, connection.Listener.Listener.Address.ToString(), connection.Socket) with
            {
                IdleFor = clock.GetElapsedTime(connection.LastActive),
            };
    }
}
