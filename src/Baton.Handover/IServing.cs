using Baton.Handover.Processes;
using Baton.Handover.Sockets;

namespace Baton.Handover;

/// <summary>The work that an upgrade pauses, resumes and drains; implemented over the server, and a seam for tests.</summary>
internal interface IServing
{
    /// <summary>What is still to be finished.</summary>
    DrainProgress Open { get; }

    /// <summary>The same, by kind.</summary>
    OpenWork Work { get; }

    /// <summary>The same, by route, the oldest first.</summary>
    IReadOnlyList<PendingWork> Pending { get; }

    /// <summary>Begins to accept, or resumes: ends a drain that is under way.</summary>
    void Accept();

    /// <summary>Stops accepting on all listeners but those, which the successor has no use for. Nothing in a queue is lost.</summary>
    void Pause(IReadOnlyCollection<ListenSocket> except);

    /// <summary>Empties the queues of listeners that the successor has no use for, and closes them.</summary>
    void Release(IReadOnlyCollection<ListenSocket> listeners);

    /// <summary>Finishes what was accepted, or passes it to the successor if there is one; what is left at the deadline is cut.</summary>
    Task<DrainReport> DrainAsync(TimeSpan timeout, Passage? passage, CancellationToken resumed);

    /// <summary>
    /// After a drain: what this generation's own predecessor, which still drains, passes to it is passed on; from then on as
    /// <see cref="DrainAsync"/>.
    /// </summary>
    /// <param name="timeout">Counted from <paramref name="over"/>.</param>
    /// <param name="passage">The way to the successor.</param>
    /// <param name="over">The predecessor passes nothing more.</param>
    /// <param name="resumed">Ends it.</param>
    Task<DrainReport> PassOnAsync(TimeSpan timeout, Passage? passage, CancellationToken over, CancellationToken resumed);

    /// <summary>What was answered since the start.</summary>
    TrafficFigures Figures { get; }

    /// <summary>What was answered of late.</summary>
    TrafficFigures RecentFigures { get; }

    /// <summary>Asks each listener, as a client would, until somebody answers there.</summary>
    /// <param name="except">Listeners that the successor has no use for.</param>
    /// <param name="deadline">Ends the asking.</param>
    /// <returns>What went wrong on those that never answered.</returns>
    Task<IReadOnlyList<string>> ProbeAsync(IReadOnlyCollection<ListenSocket> except, CancellationToken deadline);

    /// <summary>Prepares to go on with what the predecessor has passed.</summary>
    IAdoption Adopt(ChannelMessage message);
}
