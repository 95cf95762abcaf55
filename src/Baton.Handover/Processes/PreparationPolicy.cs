using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>
/// The scheduling policy of a successor that prepares: SCHED_BATCH does not take the processor from others when it wakes up, and
/// needs no privilege to be left again, unlike a nice value. One that an operator has chosen stays as it is.
/// </summary>
internal sealed class PreparationPolicy
{
    private readonly bool _isOrdinary = SchedulingCalls.PolicyOf(0) == SchedulingCalls.SCHED_OTHER;

    /// <returns>Whether the thread has it from now on.</returns>
    public bool Lower(int thread) => _isOrdinary && Replace(thread, SchedulingCalls.SCHED_OTHER, SchedulingCalls.SCHED_BATCH);

    /// <returns>Whether the thread had it until now.</returns>
    public bool Restore(int thread) => _isOrdinary && Replace(thread, SchedulingCalls.SCHED_BATCH, SchedulingCalls.SCHED_OTHER);

    private static bool Replace(int thread, int policy, int other) => SchedulingCalls.PolicyOf(thread) == policy && SchedulingCalls.TrySetPolicy(thread, other);
}
