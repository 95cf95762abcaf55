namespace Baton.Handover.Processes;

/// <summary>The process that launched this one, as far as the upgrade needs to know it; a seam for tests.</summary>
internal interface IPredecessor : IDisposable
{
    int Pid { get; }

    /// <summary>Says on the ready pipe that everything is loaded and the rest is to warm up; before <see cref="Say"/>.</summary>
    void SayWarmingUp();

    /// <summary>Says once, on the ready pipe, how the preparation ended. A predecessor that is gone does not mind.</summary>
    void Say(ReadyMessage message);

    /// <summary>Sends a message, with copies of open files if there are any; false if it is gone.</summary>
    ValueTask<bool> SendAsync(ChannelMessage message, ReadOnlyMemory<int> fds, CancellationToken cancellation);

    /// <summary>The next message, or null when it is gone.</summary>
    ValueTask<ChannelMessage?> ReceiveAsync(CancellationToken cancellation);
}
