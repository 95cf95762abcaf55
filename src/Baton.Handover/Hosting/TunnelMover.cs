using Baton.Handover.Processes;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>Passes tunnels to the successor, each paused for the time of one question and answer; one that is not taken there goes on here.</summary>
internal sealed class TunnelMover(TunnelTable tunnels, TimeProvider clock)
{
    private const int AtOnce = 8;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(20);

    private int _moved;

    /// <summary>Tunnels that the successor has adopted since the drain began.</summary>
    public int Moved => Volatile.Read(ref _moved);

    /// <summary>Runs until the drain is over or the generation resumes; it may wait for a successor that does not answer.</summary>
    /// <returns>How many have moved.</returns>
    public async Task<int> RunAsync(Passage passage, CancellationToken ended)
    {
        _moved = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        do
        {
            // Again and again: a handshake may still be on its way.
            await Parallel.ForEachAsync(tunnels.Tunnels.Where(tunnel => tunnel.CanMove), options, async (tunnel, _) => await MoveAsync(tunnel, passage));
        }
        while (passage.Takes(ChannelMessage.Tunnel) && await clock.PauseAsync(SweepInterval, ended));

        return Moved;
    }

    private async Task MoveAsync(Tunnel tunnel, Passage passage)
    {
        if (await tunnel.TryPauseAsync() is not var (toUpstream, toClient))
            return;
        if (!tunnel.CanMove)
        {
            tunnel.Resume();
            return;
        }

        var message = new ChannelMessage(ChannelMessage.Tunnel) { PassedTunnel = TunnelFormat.Write(tunnel, toUpstream, toClient) };
        int[] fds = [(int)tunnel.Client.SafeHandle.DangerousGetHandle(), (int)tunnel.Upstream.SafeHandle.DangerousGetHandle()];
        if (await passage.PassAsync(message, fds, CancellationToken.None) is { Count: 0 })
        {
            tunnel.Leave();
            Interlocked.Increment(ref _moved);
            return;
        }

        tunnel.StaysHere = true;
        tunnel.Resume();
    }
}
