using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>How the kernel shares the processors out among threads; sched(7), sched_setscheduler(2).</summary>
internal static unsafe partial class SchedulingCalls
{
    public const int SCHED_OTHER = 0;
    public const int SCHED_BATCH = 3;

    /// <summary>The policy of a thread; -1 if there is none such any more.</summary>
    public static int PolicyOf(int thread) => GetSchedulerCore(thread);

    /// <summary>Sets the policy of a thread, and whether that was possible; both policies can be changed for the other by anyone.</summary>
    public static bool TrySetPolicy(int thread, int policy)
    {
        var noPriority = 0; // struct sched_param: one int, which must be 0 for policies that are not real-time.
        return SetSchedulerCore(thread, policy, &noPriority) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sched_getscheduler")]
    private static partial int GetSchedulerCore(int thread);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetSchedulerCore(int thread, int policy, int* parameters);
}
