using System.Text.Json;

namespace Baton.Handover;

/// <summary>
/// Something that a generation knows and its successor should: health, counters, reports. Registered as a service, as many
/// as there are. Predecessor and successor may be of different builds: a part that only one of them has is passed over.
/// </summary>
public interface IStatePart
{
    /// <summary>What tells it from other parts, the same in every build.</summary>
    string Name { get; }

    /// <summary>The version of what <see cref="Save()"/> returns; a new one where an older build would misread it.</summary>
    int Version { get; }

    /// <summary>
    /// What is to be passed on, as it is now; null for nothing. What it throws is logged, and the part is left out. All parts
    /// together have 16 MiB; one that does not fit any more is left out.
    /// </summary>
    JsonElement? Save();

    /// <summary>
    /// The same, for a part that has more to say: also while this generation drains, and to a predecessor that may still resume.
    /// Without it that is nothing. At <see cref="StateMoment.TakeOver"/> this generation has stopped accepting; if it accepts again
    /// after all, <see cref="Resuming"/> says so.
    /// </summary>
    JsonElement? Save(StateMoment moment) => moment is StateMoment.Drain or StateMoment.Probation ? null : Save();

    /// <summary>This generation is about to accept again: its successor could not take over, or was rolled back.</summary>
    void Resuming()
    {
    }

    /// <summary>
    /// Takes what the predecessor's part of this name has saved: once before the server starts, once before this generation
    /// accepts, now and then while the predecessor drains, once when that is done; each may be missing. What a successor says on
    /// its probation comes here too. What it throws is logged and changes nothing else.
    /// </summary>
    /// <param name="version">The other generation's; a part that does not know it does nothing.</param>
    /// <param name="data">Valid during the call. From another process: to be checked like any input.</param>
    /// <param name="moment">When it was saved.</param>
    void Load(int version, JsonElement data, StateMoment moment);
}
