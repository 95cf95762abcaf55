using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>
/// How the kernel shares the processors out among threads; sched(7), sched_setscheduler(2), and by number, since glibc before 2.41
/// has no wrappers, sched_setattr(2).
/// </summary>
internal static unsafe partial class SchedulingCalls
{
    public const int SCHED_OTHER = 0;
    public const int SCHED_BATCH = 3;

    private static readonly long SYS_sched_setattr = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 314 : 274;
    private static readonly long SYS_sched_getattr = SYS_sched_setattr + 1;

    /// <summary>The policy of a thread; -1 if there is none such any more.</summary>
    public static int PolicyOf(int thread) => GetSchedulerCore(thread);

    /// <summary>Sets the policy of a thread, and whether that was possible; both policies can be changed for the other by anyone.</summary>
    public static bool TrySetPolicy(int thread, int policy)
    {
        var noPriority = 0; // struct sched_param: one int, which must be 0 for policies that are not real-time.
        return SetSchedulerCore(thread, policy, &noPriority) == 0;
    }

    /// <summary>How long a thread may compute before others have their turn; zero if the kernel does not say it, as before Linux 6.12.</summary>
    /// <param name="thread">0 for the one that calls.</param>
    public static TimeSpan SliceOf(int thread) =>
        GetAttributesCore(SYS_sched_getattr, thread, out var attributes, sizeof(Attributes), 0) == 0
            ? TimeSpan.FromMicroseconds(attributes.RuntimeNanoseconds / 1000)
            : TimeSpan.Zero;

    /// <summary>Sets it, and whether that was possible; a kernel that does not know it takes it all the same.</summary>
    /// <param name="thread">0 for the one that calls.</param>
    /// <param name="slice">0.1 to 100 ms; zero for the kernel's default.</param>
    public static bool TrySetSlice(int thread, TimeSpan slice)
    {
        if (GetAttributesCore(SYS_sched_getattr, thread, out var attributes, sizeof(Attributes), 0) != 0)
            return false;
        attributes.RuntimeNanoseconds = (ulong)slice.TotalNanoseconds;
        return SetAttributesCore(SYS_sched_setattr, thread, in attributes, 0) == 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long GetAttributesCore(long number, long thread, out Attributes attributes, long size, long flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SetAttributesCore(long number, long thread, in Attributes attributes, long flags);

    [LibraryImport("libc", EntryPoint = "sched_getscheduler")]
    private static partial int GetSchedulerCore(int thread);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetSchedulerCore(int thread, int policy, int* parameters);

    // struct sched_attr as of its first version. For policies that are not real-time the runtime is the slice.
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        private readonly uint _size;
        private readonly uint _policy;
        private readonly ulong _flags;
        private readonly int _nice;
        private readonly uint _priority;
        public ulong RuntimeNanoseconds;
        private readonly ulong _deadline;
        private readonly ulong _period;
    }
}
