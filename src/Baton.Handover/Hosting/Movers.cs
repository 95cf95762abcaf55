using System.Diagnostics.CodeAnalysis;
using Baton.Handover.Processes;

namespace Baton.Handover.Hosting;

/// <summary>Everything that moves to the successor during one drain: connections, and tunnels.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Disposed of with the drain.")]
internal sealed class Movers(ConnectionMover connections, TunnelMover tunnels, TimeProvider clock)
{
    // For answers that are on their way; the successor has copies of what it has not answered.
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(1);

    private CancellationTokenSource _ended = new();
    private Task<int> _connections = Task.FromResult(0);
    private Task<int> _tunnels = Task.FromResult(0);

    /// <summary>Connections that are being taken from the server, or on their way.</summary>
    public int InTransit => connections.InTransit;

    /// <summary>Begins to move what the successor takes.</summary>
    public void Begin(Passage? passage, TimeSpan timeout, CancellationToken resumed)
    {
        _ended = CancellationTokenSource.CreateLinkedTokenSource(resumed);
        _connections = passage?.Takes(ChannelMessage.Connections) == true ? connections.RunAsync(passage, timeout, _ended.Token) : connections.StayAsync();
        _tunnels = passage?.Takes(ChannelMessage.Tunnel) == true ? tunnels.RunAsync(passage, _ended.Token) : Task.FromResult(0);
    }

    /// <summary>Ends with the drain.</summary>
    /// <returns>How many connections and tunnels have moved.</returns>
    public async Task<(int Connections, int Tunnels)> EndAsync()
    {
        await _ended.CancelAsync();
        _ended.Dispose();
        await Task.WhenAny(Task.WhenAll(_connections, _tunnels), Task.Delay(LastAnswers, clock));
        return (_connections.IsCompletedSuccessfully ? await _connections : connections.Moved, _tunnels.IsCompletedSuccessfully ? await _tunnels : tunnels.Moved);
    }

    /// <summary>Completes when whatever was on its way goes on here: the generation has resumed.</summary>
    public Task TakenBackAsync() => Task.WhenAll(_connections, _tunnels);
}
