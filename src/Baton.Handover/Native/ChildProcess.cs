using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>Children of this process; posix_spawn(3), waitpid(2), kill(2), getpgid(2), prctl(2).</summary>
internal static unsafe partial class ChildProcess
{
    private const int PR_SET_CHILD_SUBREAPER = 36;

    /// <summary>Starts what the plan says as a child.</summary>
    /// <returns>0, or the error number.</returns>
    public static int Start(SpawnPlan plan, out int pid) =>
        PosixSpawnCore(out pid, plan.File, plan.FileActions, plan.Attributes, plan.Arguments, plan.Environment);

    /// <summary>Lets processes below this one whose parent has gone become its children, as they become those of PID 1.</summary>
    public static void AdoptOrphans()
    {
        if (PrctlCore(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
            throw Errno.Failure("Becoming the parent of orphans (prctl)");
    }

    /// <summary>Waits until a child has ended, and reaps it.</summary>
    /// <param name="pid">Which one; -1 for any.</param>
    /// <param name="exitCode">Its exit code, or 128 + n if signal n has ended it, as a shell says it.</param>
    /// <returns>Its pid; null if there is no such child.</returns>
    public static int? Wait(int pid, out int exitCode)
    {
        int status, ended;
        while ((ended = WaitPidCore(pid, &status, 0)) < 0 && Errno.Last == Errno.EINTR)
        {
        }

        var signal = status & 0x7F; // wait(2): WTERMSIG, WEXITSTATUS
        exitCode = signal != 0 ? 128 + signal : (status >> 8) & 0xFF;
        return ended > 0 ? ended : null;
    }

    /// <summary>Sends a signal to a process that is not reaped yet; one that has ended does not mind.</summary>
    public static void Signal(int pid, int signal) => KillCore(pid, signal);

    /// <summary>Sends a signal to all processes of a group.</summary>
    /// <param name="group">The pid of the process that was its first.</param>
    /// <param name="signal">Its number.</param>
    public static void SignalGroup(int group, int signal) => KillCore(-group, signal);

    /// <summary>The process group of a process; -1 if there is none.</summary>
    public static int GroupOf(int pid) => GetPgidCore(pid);

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    private static partial int PosixSpawnCore(out int pid, nint file, byte* actions, byte* attributes, nint* arguments, nint* environment);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPidCore(int pid, int* status, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillCore(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "getpgid")]
    private static partial int GetPgidCore(int pid);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int PrctlCore(int option, nuint a, nuint b, nuint c, nuint d);
}
