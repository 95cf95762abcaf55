using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>What kind of file a path names, which .NET does not tell for sockets; statx(2).</summary>
internal static unsafe partial class FileType
{
    private const int AT_FDCWD = -100;
    private const uint STATX_TYPE = 1;
    private const int StatxSize = 256;
    private const int ModeOffset = 28; // struct statx is the same on every architecture.
    private const int S_IFMT = 0xF000;
    private const int S_IFSOCK = 0xC000;

    /// <summary>True for a socket, false for anything else, null if there is nothing.</summary>
    public static bool? IsSocket(string path)
    {
        var record = stackalloc byte[StatxSize];
        if (StatxCore(AT_FDCWD, path, 0, STATX_TYPE, record) == 0)
            return (*(ushort*)(record + ModeOffset) & S_IFMT) == S_IFSOCK;
        return Errno.Last == Errno.ENOENT ? null : throw Errno.Failure($"Looking at {path}");
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxCore(int directory, string path, int flags, uint mask, byte* record);
}
