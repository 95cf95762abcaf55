using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>
/// The processors of a successor that prepares: half of them, so that its predecessor, and whom that serves, find the others free.
/// A start keeps several threads busy, and who has to wait for one of them waits until the kernel's next tick.
/// </summary>
internal sealed class PreparationProcessors
{
    private readonly ProcessorSet _all = ProcessorSet.Everything;
    private readonly ProcessorSet? _half; // Null: there is nothing to halve, or nobody may.

    public PreparationProcessors()
    {
        // Also the moment at which the runtime counts them, for as long as the process lives: before they are fewer.
        if (Environment.ProcessorCount == 1 || ProcessorSet.Of(0) is not { Count: > 1 } before || !ProcessorSet.Everything.TrySet(0))
            return;

        // Whoever has all that the control group grants will also have what it grants later; other choices are the operator's.
        if (!before.Equals(ProcessorSet.Of(0)))
            _all = before;
        _half = before.UpperHalf();
    }

    /// <returns>Whether the thread runs on half of them from now on.</returns>
    public bool Halve(int thread) => _half?.TrySet(thread) == true;

    /// <returns>Whether the thread was left with half of them until now, or fewer, if the control group has lost some meanwhile.</returns>
    public bool Restore(int thread) => _half is not null && ProcessorSet.Of(thread)?.IsWithin(_half) == true && _all.TrySet(thread);
}
