using Baton.Handover.Sockets;

namespace Baton.Handover.Processes;

/// <summary>The process that this one has launched, as far as the upgrade needs to know it; a seam for tests.</summary>
internal interface ISuccessor : IDisposable
{
    int Pid { get; }

    /// <summary>Whether it has said that it has loaded everything and warms up.</summary>
    bool IsWarmingUp { get; }

    /// <summary>What it writes to the ready pipe.</summary>
    /// <exception cref="HandoverException">It wrote garbage, or ended without a word.</exception>
    Task<ReadyMessage> ReadReadyAsync(CancellationToken cancellation);

    /// <summary>The listeners that its configuration has no use for, by what it said in the ready message.</summary>
    IReadOnlyList<ListenSocket> ReleasedBy(ReadyMessage message);

    /// <summary>What it would do, by what it said in the ready message, and what it takes now.</summary>
    RehearsalReport RehearsedBy(ReadyMessage message);

    /// <summary>Sends a message, with copies of open files if there are any; false if it is gone.</summary>
    ValueTask<bool> SendAsync(ChannelMessage message, ReadOnlyMemory<int> fds, CancellationToken cancellation);

    /// <summary>The next message, or null when it is gone.</summary>
    ValueTask<ChannelMessage?> ReceiveAsync(CancellationToken cancellation);

    /// <summary>Asks it to end (SIGTERM).</summary>
    void Terminate();

    /// <summary>Ends it (SIGKILL), if it still lives.</summary>
    void Kill();

    /// <summary>Completes when its process has exited.</summary>
    Task WaitForExitAsync(CancellationToken cancellation);
}
