using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>
/// Starts a process whose parent is init (or the nearest subreaper), not this process, through an intermediate process that
/// exits at once: a service manager can only supervise a main process that is not somebody else's child.
/// </summary>
/// <remarks>
/// The intermediate is a vfork(2) of this process that makes one posix_spawn call and exits. A shell in its place would
/// drop environment variables whose names are not identifiers and ignore SIGINT in the successor, and a copy of the daemon
/// would cost a second runtime start; neither could return the errno of a binary that cannot be executed.
/// What makes it safe in managed code: the three calls go through raw function pointers without a GC transition, in a
/// method without allocations that is compiled before it runs; this thread is suspended by the kernel until the
/// intermediate is gone, and all its signals are blocked, so no handler of the runtime runs in the shared memory.
/// </remarks>
internal static unsafe partial class DetachedSpawn
{
    private static readonly nint Libc = NativeLibrary.Load("libc", typeof(DetachedSpawn).Assembly, null);

    /// <summary>Starts what the plan says and returns its pid; <paramref name="errno"/> is 0, or why it could not be started.</summary>
    public static int Start(SpawnPlan plan, out int errno)
    {
        var pid = 0;
        var spawnError = 0;
        var mask = stackalloc byte[SignalSet.Size];

        SignalSet.BlockAll(mask);
        var intermediate = VforkAndSpawn(
            (delegate* unmanaged[SuppressGCTransition]<int>)NativeLibrary.GetExport(Libc, "vfork"),
            (delegate* unmanaged[SuppressGCTransition]<int*, nint, byte*, byte*, nint*, nint*, int>)NativeLibrary.GetExport(Libc, "posix_spawnp"),
            (delegate* unmanaged[SuppressGCTransition]<int, void>)NativeLibrary.GetExport(Libc, "_exit"),
            plan.File, plan.FileActions, plan.Attributes, plan.Arguments, plan.Environment,
            &pid, &spawnError);
        SignalSet.Restore(mask);

        if (intermediate < 0)
            throw new HandoverException("Starting the intermediate process failed: no process or memory left (vfork). Check the limits on processes and memory.");

        while (WaitPidCore(intermediate, null, 0) < 0 && Errno.Last == Errno.EINTR)
        {
        }

        errno = spawnError;
        return pid;
    }

    // The results are written through pointers: the locals of this frame are the only memory both processes may touch.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int VforkAndSpawn(
        delegate* unmanaged[SuppressGCTransition]<int> vfork,
        delegate* unmanaged[SuppressGCTransition]<int*, nint, byte*, byte*, nint*, nint*, int> spawn,
        delegate* unmanaged[SuppressGCTransition]<int, void> exit,
        nint file, byte* actions, byte* attributes, nint* arguments, nint* environment,
        int* pid, int* spawnError)
    {
        var intermediate = vfork();
        if (intermediate == 0)
        {
            *spawnError = spawn(pid, file, actions, attributes, arguments, environment);
            exit(0);
        }

        return intermediate;
    }

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPidCore(int pid, int* status, int options);
}
