using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>Opening a file so that every write goes to its end, whoever else writes to it, which .NET's FileMode.Append does not do; open(2), write(2).</summary>
internal static unsafe partial class AppendCalls
{
    private const int O_WRONLY = 0x1;
    private const int O_CREAT = 0x40;
    private const int O_NOCTTY = 0x100;
    private const int O_APPEND = 0x400;
    private const int O_NONBLOCK = 0x800; // Not to wait until somebody reads from a FIFO; fifo(7).
    private const int O_CLOEXEC = 0x80000;
    private const int SEEK_CUR = 1;

    /// <summary>Opens or creates the file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="mode">Permission bits of a new one, less those of the umask.</param>
    public static DescriptorHandle Open(string path, UnixFileMode mode)
    {
        var fd = OpenCore(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, (uint)mode);
        return fd >= 0 ? new DescriptorHandle(fd) : throw Errno.Failure($"Opening {path} to append to it");
    }

    /// <summary>Whether it is a file on a disk; a pipe, a socket or a terminal has no place to go on from. lseek(2), ESPIPE.</summary>
    public static bool HasPosition(DescriptorHandle file) => SeekCore(file, 0, SEEK_CUR) >= 0;

    /// <summary>One write(2), waited for where the other side is slow.</summary>
    /// <returns>How many bytes were taken; less than one with the error number.</returns>
    public static (int Written, int Errno) Write(DescriptorHandle file, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            while (true)
            {
                var written = WriteCore(file, start, (nuint)data.Length);
                if (written >= 0)
                    return ((int)written, 0);
                if (Errno.Last == Errno.EINTR)
                    continue;
                if (Errno.Last != Errno.EAGAIN)
                    return (0, Errno.Last);
                PollCalls.Wait(file, PollCalls.POLLOUT, -1); // Whatever comes of it, the next write says it.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenCore(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteCore(DescriptorHandle file, byte* data, nuint length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long SeekCore(DescriptorHandle file, long offset, int from);
}
