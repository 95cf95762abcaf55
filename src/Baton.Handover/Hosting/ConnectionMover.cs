using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Baton.Handover.Processes;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>
/// Passes connections to the successor, few at first, each as soon as it is idle, and when none of them has to wait any more those
/// that rest; one that is not taken there goes on here.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore whose wait handle is not used holds nothing.")]
internal sealed class ConnectionMover(ConnectionTable connections, TimeProvider clock)
{
    // Small enough that a request which arrives on the way, here or there, waits a few milliseconds for its turn; large enough
    // for 10,000 connections a second.
    private const int BatchSize = 32;
    private const int MaxInTransit = 4 * BatchSize;
    private const int Senders = 2;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _room = new(MaxInTransit);
    private Way? _way; // While connections move.
    private int _inTransit;
    private int _moved;

    /// <summary>Connections that are being taken from the server, or on their way.</summary>
    public int InTransit => Volatile.Read(ref _inTransit);

    /// <summary>Connections that the successor has adopted since the drain began, without the application's own.</summary>
    public int Moved => Volatile.Read(ref _moved);

    /// <summary>
    /// Runs until the drain is over or the generation resumes; nothing is in transit when it returns, so it may wait for a
    /// successor that does not answer.
    /// </summary>
    /// <param name="passage">The way to the successor.</param>
    /// <param name="timeout">When the drain cuts what is left.</param>
    /// <param name="ended">The drain is over, or the generation resumes.</param>
    /// <returns>How many have moved.</returns>
    public async Task<int> RunAsync(Passage passage, TimeSpan timeout, CancellationToken ended)
    {
        _moved = 0;
        var taken = Channel.CreateUnbounded<Taken>();
        var senders = Enumerable.Range(0, Senders).Select(_ => SendAsync(taken.Reader, passage)).ToList();
        var way = _way = new Way(taken.Writer, new SlowStart(timeout, clock));
        connections.Moving = (connection, took) => _ = TakeAsync(connection, took, way);
        try
        {
            do
            {
                foreach (var take in All())
                {
                    if (!way.Start.TryLeave())
                        break;
                    await _room.WaitAsync(ended);
                    _ = TakeWithRoomAsync(take, way);
                }
            }
            while (passage.Takes(ChannelMessage.Connections) && await clock.PauseAsync(SweepInterval, ended));
            if (!ended.IsCancellationRequested)
                await StayAsync();
        }
        catch (OperationCanceledException)
        {
            // What is on its way is still passed, or taken back.
        }
        finally
        {
            connections.Moving = null;
            Volatile.Write(ref _way, null);
            while (InTransit > 0)
                await Task.Delay(SweepInterval, clock, CancellationToken.None);
            taken.Writer.Complete();
            await Task.WhenAll(senders);
        }

        return Moved;

        IEnumerable<Func<Task<IdleConnection?>>> All() =>
            connections.Connections.Select(connection => (Func<Task<IdleConnection?>>)connection.TryTakeAsync)
                .Concat((way.Start.IsOver ? connections.Idle : []).Select(idle => (Func<Task<IdleConnection?>>)(() => connections.TryTakeAsync(idle))));
    }

    /// <summary>
    /// Passes on one that has just come from the predecessor, before the server has it: what its client may have sent goes with it.
    /// Otherwise a client that asks at once would be kept here, and so would this generation, as long as its answer takes.
    /// </summary>
    /// <returns>False if nothing moves.</returns>
    public bool TryPassOn(IdleConnection idle)
    {
        Interlocked.Increment(ref _inTransit); // Before the look, so that the way stays open until it is gone.
        if (Volatile.Read(ref _way) is { } way)
        {
            way.Out.TryWrite(new Taken(idle, HasRoom: false));
            return true;
        }

        Interlocked.Decrement(ref _inTransit);
        return false;
    }

    /// <summary>Nothing moves, or nothing more: all connections are the server's, which ends them.</summary>
    /// <returns>That none has moved.</returns>
    public async Task<int> StayAsync()
    {
        await connections.WakeAllAsync();
        return 0;
    }

    // Whoever has just ended a request does not wait behind all that are idle: its client is likely to ask again, and if such a
    // request takes long, this generation would wait for it.
    private async Task TakeAsync(HandoverConnection connection, TimeSpan requestTook, Way way)
    {
        if (!way.Start.TryLeave(isUrgent: requestTook >= way.Start.Duration))
        {
            connection.LetGoOn();
            return;
        }

        Interlocked.Increment(ref _inTransit); // Before it leaves the table, so that a drain sees it in one place or the other.
        if (await TryAsync(connection.TryTakeAsync(), way) is { } idle)
            way.Out.TryWrite(new Taken(idle, HasRoom: false));
        else
            connection.LetGoOn();
    }

    private async Task TakeWithRoomAsync(Func<Task<IdleConnection?>> take, Way way)
    {
        Interlocked.Increment(ref _inTransit);
        var taking = take();
        // An answer may still be on its way, to a client that reads slowly: others need not wait for that.
        var hasRoom = taking.IsCompleted || await Task.WhenAny(taking, Task.Delay(SweepInterval, clock)) == taking;
        if (!hasRoom)
            _room.Release();
        if (await TryAsync(taking, way) is { } idle)
            way.Out.TryWrite(new Taken(idle, hasRoom));
        else if (hasRoom)
            _room.Release();
    }

    private async Task<IdleConnection?> TryAsync(Task<IdleConnection?> taking, Way way)
    {
        IdleConnection? idle = null;
        try
        {
            return idle = await taking;
        }
        finally
        {
            if (idle is null)
            {
                way.Start.Stay();
                Interlocked.Decrement(ref _inTransit);
            }
        }
    }

    private async Task SendAsync(ChannelReader<Taken> taken, Passage passage)
    {
        var batch = new List<Taken>(BatchSize);
        while (await taken.WaitToReadAsync())
        {
            while (batch.Count < BatchSize && taken.TryRead(out var one))
                batch.Add(one);
            if (batch.Count == 0)
                continue;

            await PassAsync(batch.ConvertAll(one => one.Connection), passage);
            if (batch.Count(one => one.HasRoom) is > 0 and var room)
                _room.Release(room);
            Interlocked.Add(ref _inTransit, -batch.Count);
            batch.Clear();
        }
    }

    private async Task PassAsync(List<IdleConnection> batch, Passage passage)
    {
        var refused = await passage.PassAsync(ConnectionFormat.Message(batch, clock), ConnectionFormat.Descriptors(batch), CancellationToken.None);
        for (var index = 0; index < batch.Count; index++)
        {
            var connection = batch[index];
            if (refused?.Contains(index) == false)
            {
                connection.Socket.Dispose(); // Nothing is pending on it: this is close(2), and the successor's copy lives on.
                if (!connection.IsPrivate)
                    Interlocked.Increment(ref _moved);
                continue;
            }

            connection.StaysHere = true;
            connection.Wake();
        }
    }

    /// <param name="Out">To the senders.</param>
    /// <param name="Start">How many may take it so far.</param>
    private sealed record Way(ChannelWriter<Taken> Out, SlowStart Start);

    /// <param name="Connection">Out of the server, or never in it.</param>
    /// <param name="HasRoom">Whether it holds one of the places of those that are on their way.</param>
    private readonly record struct Taken(IdleConnection Connection, bool HasRoom);
}
