using System.Runtime.InteropServices;

namespace Baton.Tests.Upgrades;

/// <summary>A socket of another process, looked at through a duplicate of its descriptor; pidfd_open(2), pidfd_getfd(2).</summary>
internal static partial class DuplicatedSocket
{
    private const long SYS_pidfd_open = 434;
    private const long SYS_pidfd_getfd = 438;
    private const int SOL_SOCKET = 1;
    private const int SO_LINGER = 13;
    private const int SO_ACCEPTCONN = 30;

    /// <summary>Whether it listens, and its SO_LINGER: off is (0, 0); socket(7).</summary>
    /// <exception cref="IOException">The system allows no look into other processes (ptrace(2), "ptrace access mode").</exception>
    public static (bool Listens, int LingerOn, int LingerSeconds) Look(int pid, int fd)
    {
        var process = (int)Syscall(SYS_pidfd_open, pid, 0, 0);
        if (process < 0)
            throw Failure("pidfd_open");
        try
        {
            var copy = (int)Syscall(SYS_pidfd_getfd, process, fd, 0);
            if (copy < 0)
                throw Failure("pidfd_getfd");
            try
            {
                var listens = new int[1];
                var linger = new int[2];
                Read(copy, SO_ACCEPTCONN, listens);
                Read(copy, SO_LINGER, linger);
                return (listens[0] != 0, linger[0], linger[1]);
            }
            finally
            {
                _ = Close(copy);
            }
        }
        finally
        {
            _ = Close(process);
        }
    }

    private static void Read(int fd, int option, int[] value)
    {
        var size = (uint)(value.Length * sizeof(int));
        if (GetSockOpt(fd, SOL_SOCKET, option, value, ref size) != 0)
            throw Failure($"getsockopt {option}");
    }

    private static IOException Failure(string call) => new($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, long a, long b, long c);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetSockOpt(int fd, int level, int option, [Out] int[] value, ref uint size);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int fd);
}
