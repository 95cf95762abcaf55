using System.Text.Json.Serialization;
using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>A message on the hand-over channel. A kind that the receiver does not know is passed over.</summary>
/// <param name="Kind">One of the constants below.</param>
internal sealed record ChannelMessage(string Kind)
{
    /// <summary>Predecessor to successor: I have stopped accepting; accept.</summary>
    public const string TakeOver = "take-over";

    /// <summary>Predecessor to successor: I was asked for an upgrade; it is yours to run.</summary>
    public const string Trigger = "trigger";

    /// <summary>Predecessor to successor: the probation is over, you may be upgraded yourself.</summary>
    public const string Proven = "proven";

    /// <summary>Predecessor to successor, now and then: what I still have to finish.</summary>
    public const string Progress = "progress";

    /// <summary>Predecessor to successor: what the hand-over did, sent last.</summary>
    public const string Final = "report";

    /// <summary>Successor to predecessor, again and again: how I have answered so far.</summary>
    public const string Answers = "figures";

    /// <summary>Successor to predecessor: I hand over or end on purpose; do not resume when I am gone.</summary>
    public const string Leaving = "leaving";

    /// <summary>Predecessor to successor: idle connections, one descriptor each; answered with <see cref="Adopted"/>.</summary>
    public const string Connections = "connections";

    /// <summary>Predecessor to successor: a tunnel, with the descriptors of its client and its upstream; answered likewise.</summary>
    public const string Tunnel = "tunnel";

    /// <summary>Successor to predecessor: they are mine now, except those that it names.</summary>
    public const string Adopted = "adopted";

    /// <summary>With <see cref="Leaving"/>: the process that serves from now on, if there is one.</summary>
    public int? Pid { get; init; }

    /// <summary>With <see cref="TakeOver"/>: how long the predecessor will watch.</summary>
    public TimeSpan? Probation { get; init; }

    /// <summary>With <see cref="Final"/>.</summary>
    public UpgradeReport? Report { get; init; }

    /// <summary>With <see cref="Progress"/>.</summary>
    public DrainProgress? Open { get; init; }

    /// <summary>With <see cref="Progress"/>: the sender, and before it those that it knows to drain still.</summary>
    public IReadOnlyList<GenerationProgress>? Generations { get; init; }

    /// <summary>With <see cref="Answers"/>.</summary>
    public TrafficFigures? Figures { get; init; }

    /// <summary>Of what is passed, and of its answer.</summary>
    public int? Number { get; init; }

    /// <summary>With <see cref="Connections"/>, in the order of the descriptors.</summary>
    public IReadOnlyList<PassedConnection>? Passed { get; init; }

    /// <summary>With <see cref="Tunnel"/>.</summary>
    public PassedTunnel? PassedTunnel { get; init; }

    /// <summary>With <see cref="Adopted"/>: the indices of those that stay with the predecessor.</summary>
    public IReadOnlyCollection<int>? Refused { get; init; }

    /// <summary>Copies of the open files that came with the message; fewer than were sent, if this process has no room.</summary>
    [JsonIgnore]
    public IReadOnlyList<DescriptorHandle> Descriptors { get; init; } = [];

    /// <summary>Closes the files in it.</summary>
    public void Drop()
    {
        foreach (var descriptor in Descriptors)
            descriptor.Dispose();
    }
}
