using System.Net.Sockets;
using Baton.Handover.Native;
using Baton.Handover.Transport;
using Xunit;

namespace Baton.Handover.Tests.Transport;

/// <summary>The way of bytes from a socket to the server.</summary>
[Collection("One after the other")] // A process that is being started holds every descriptor until its exec: an end that is gone is not, then.
public sealed class SocketReceiverTests
{
    [Fact]
    public async Task Paused_and_aborted_at_the_same_moment_it_ends()
    {
        using var begin = new Barrier(2);
        for (var round = 0; round < 5000; round++)
        {
            var (ours, theirs) = SocketCalls.StreamPair();
            using var client = theirs;
            var receiver = new SocketReceiver(new Socket(new SafeSocketHandle(ours.Release(), ownsHandle: true)), new System.IO.Pipelines.Pipe().Writer);
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
}
