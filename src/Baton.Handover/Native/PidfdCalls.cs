using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>
/// Processes by descriptor, so that a pid that was reused is never meant; pidfd_open(2), pidfd_send_signal(2). Called by
/// number, the same on every architecture, because glibc before 2.36 has no wrappers.
/// </summary>
internal static unsafe partial class PidfdCalls
{
    private const long SYS_pidfd_send_signal = 424;
    private const long SYS_pidfd_open = 434;

    /// <summary>A descriptor for the process, or null if there is no such process any more.</summary>
    public static DescriptorHandle? Open(int pid)
    {
        var fd = (int)SyscallCore(SYS_pidfd_open, pid, 0, 0, 0);
        if (fd >= 0)
            return new DescriptorHandle(fd);
        return Errno.Last == Errno.ESRCH ? null : throw Errno.Failure($"Watching process {pid} (pidfd_open)");
    }

    /// <summary>Sends a signal; false if the process is gone.</summary>
    public static bool Send(DescriptorHandle pidfd, int signal)
    {
        if (SyscallCore(SYS_pidfd_send_signal, pidfd.Fd, signal, 0, 0) == 0)
            return true;
        return Errno.Last == Errno.ESRCH ? false : throw Errno.Failure($"Sending signal {signal}");
    }

    /// <summary>Whether the process has exited, after waiting at most <paramref name="timeout"/> for it.</summary>
    public static bool HasExited(DescriptorHandle pidfd, TimeSpan timeout) => PollCalls.Wait(pidfd, PollCalls.POLLIN, (int)timeout.TotalMilliseconds);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SyscallCore(long number, long a, long b, long c, long d);
}
