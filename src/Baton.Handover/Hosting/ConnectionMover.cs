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
        var taken = Channel.CreateUnbounded<HandoverConnection>();
        var senders = Enumerable.Range(0, Senders).Select(_ => SendAsync(taken.Reader, passage)).ToList();
        requests.Moving = connection => Follow(connection);
        try
        {
            using var timer = new PeriodicTimer(SweepInterval, clock);
            do
            {
                foreach (var connection in connections.Connections)
                {
                    await _room.WaitAsync(ended);
                    _room.Release();
                    Follow(connection);
                }
            }
            while (passage.Takes(ChannelMessage.Connections) && await timer.WaitForNextTickAsync(ended));
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

        void Follow(HandoverConnection connection) => _ = TakeAsync(connection, taken.Writer);
    }

    private async Task TakeAsync(HandoverConnection connection, ChannelWriter<HandoverConnection> taken)
    {
        Interlocked.Increment(ref _inTransit); // Before it leaves the table, so that a drain sees it in one place or the other.
        var isTaken = false;
        try
        {
            isTaken = await connection.TryTakeAsync();
        }
        finally
        {
            if (!isTaken)
                Interlocked.Decrement(ref _inTransit);
        }

        if (!isTaken)
            return;
        await _room.WaitAsync();
        taken.TryWrite(connection);
    }

    private async Task SendAsync(ChannelReader<HandoverConnection> taken, Passage passage)
    {
        var batch = new List<HandoverConnection>(BatchSize);
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

    private async Task PassAsync(List<HandoverConnection> batch, Passage passage)
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

            var renewed = connection.Listener.Renew(connection.Socket, connection.History);
            renewed.StaysHere = true;
            connection.Listener.Adopt(renewed);
        }

        static PassedConnection Write(HandoverConnection connection) =>
            ConnectionFormat.Write(connection.History, connection.Listener.Listener.Address.ToString(), connection.Socket);
    }
}
