using System.Runtime.InteropServices;

namespace Baton.Bench.Peers;

/// <summary>The system calls that .NET has no name for.</summary>
internal static partial class Native
{
    public const int SIGHUP = 1;
    public const int SIGKILL = 9;
    public const int SIGUSR2 = 12;
    public const uint EPOLLIN = 1;
    public const uint EPOLLRDHUP = 0x2000;
    public const int EPOLL_CTL_ADD = 1;

    private const int PR_SET_CHILD_SUBREAPER = 36;
    private const int WNOHANG = 1;
    private const int SCHED_FIFO = 1;
    private const int LeastPriority = 1;

    /// <summary>
    /// Orphans among the descendants become children of this process, prctl(2): what a generation that has ended used of the
    /// processor can be read until it is reaped, and who would reap it is this process.
    /// </summary>
    public static void AdoptOrphans() => Check(PrctlCore(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl");

    public static void Kill(int pid, int signal) => _ = KillCore(pid, signal); // ESRCH: it has ended already.

    /// <summary>
    /// The calling thread gets a processor whenever it wants one, SCHED_FIFO of sched(7). False if that is forbidden: it takes
    /// CAP_SYS_NICE.
    /// </summary>
    public static bool TryGoFirst() => SchedSetSchedulerCore(0, SCHED_FIFO, LeastPriority) == 0;

    public static void Reap(int pid) => _ = WaitPidCore(pid, IntPtr.Zero, WNOHANG);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, ref EpollEvent one);

    /// <summary>Unlike epoll_wait(2) it takes nanoseconds: a schedule of thousands a second needs them.</summary>
    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    public static partial int EpollWait(int epoll, Span<EpollEvent> events, int most, in TimeSpec timeout, IntPtr signals);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    public static int Check(int result, string call) =>
        result >= 0 ? result : throw new InvalidOperationException($"{call} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int PrctlCore(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillCore(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitPidCore(int pid, IntPtr status, int options);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SchedSetSchedulerCore(int thread, int policy, in int priority);

    /// <summary>Packed on x86-64 alone; epoll_ctl(2).</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public struct EpollEvent
    {
        public uint Events;
        public int Index;
        private readonly int _rest;
    }

    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
