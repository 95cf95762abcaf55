using System.IO.Pipelines;
using System.Net.Sockets;
using Baton.Handover.Native;
using Baton.Handover.Transport;
using Xunit;
using Pipe = System.IO.Pipelines.Pipe;

namespace Baton.Handover.Tests.Transport;

/// <summary>The way of bytes from a socket to the server.</summary>
[Collection("One after the other")] // A process that is being started holds every descriptor until its exec: an end that is gone is not, then.
public sealed class SocketReceiverTests
{
    [Fact]
    public async Task A_body_that_has_arrived_is_given_to_the_server_in_one_piece()
    {
        const int Length = 10_000; // More than two blocks of a memory pool.
        var (ours, theirs) = SocketCalls.StreamPair();
        using var client = new Socket(new SafeSocketHandle(theirs.Release(), ownsHandle: true));
        Assert.Equal(Length, await client.SendAsync(new byte[Length], TestContext.Current.CancellationToken));
        var input = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false)); // Reads what is there at the first moment.
        var receiver = new SocketReceiver(new Socket(new SafeSocketHandle(ours.Release(), ownsHandle: true)), input.Writer);
        var first = FirstAsync(input.Reader);
        receiver.Start();

        Assert.Equal(Length, await first);
        Assert.Equal(Length, receiver.Delivered);
        receiver.Abort(null);
    }

    [Fact]
    public async Task Paused_and_aborted_at_the_same_moment_it_ends()
    {
        using var begin = new Barrier(2);
        for (var round = 0; round < 5000; round++)
        {
            var (ours, theirs) = SocketCalls.StreamPair();
            using var client = theirs;
            var receiver = new SocketReceiver(new Socket(new SafeSocketHandle(ours.Release(), ownsHandle: true)), new Pipe().Writer);
            receiver.Start();
            var paused = Task.Run(
                () =>
                {
                    begin.SignalAndWait(TestContext.Current.CancellationToken);
                    return receiver.PauseAsync();
                },
                TestContext.Current.CancellationToken);
            begin.SignalAndWait(TestContext.Current.CancellationToken);
            receiver.Abort(null);
            await paused;
            await receiver.Ended.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }
    }

    private static async Task<long> FirstAsync(PipeReader reader) => (await reader.ReadAsync(TestContext.Current.CancellationToken)).Buffer.Length;
}
