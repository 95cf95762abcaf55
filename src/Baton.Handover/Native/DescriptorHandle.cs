using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Baton.Handover.Native;

/// <summary>
/// A file descriptor that is let go of with close(2) and nothing else. For a socket that another process shares this is the
/// only harmless way: .NET's own handle may disconnect it or leave SO_LINGER behind, which both processes would feel.
/// </summary>
internal sealed partial class DescriptorHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int F_SETFD = 2;
    private const int F_DUPFD_CLOEXEC = 1030;
    private const int FD_CLOEXEC = 1;

    public DescriptorHandle(int fd)
        : base(ownsHandle: true) => SetHandle(fd);

    public int Fd => (int)handle;

    /// <summary>A second descriptor for the same open file, numbered <paramref name="atLeast"/> or more, closed on exec.</summary>
    public static DescriptorHandle Duplicate(int fd, int atLeast)
    {
        var copy = FcntlCore(fd, F_DUPFD_CLOEXEC, atLeast);
        return copy >= 0 ? new DescriptorHandle(copy) : throw Errno.Failure($"Duplicating fd {fd}");
    }

    /// <summary>Keeps an inherited descriptor from being inherited once more, by whatever this process starts.</summary>
    public static void CloseOnExec(int fd)
    {
        if (FcntlCore(fd, F_SETFD, FD_CLOEXEC) < 0)
            throw Errno.Failure($"Marking the inherited fd {fd} close-on-exec");
    }

    /// <summary>Gives the descriptor to another owner.</summary>
    public int Release()
    {
        var fd = Fd;
        SetHandleAsInvalid();
        return fd;
    }

    protected override bool ReleaseHandle() => CloseCore((int)handle) == 0;

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FcntlCore(int fd, int command, int argument);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseCore(int fd);
}
