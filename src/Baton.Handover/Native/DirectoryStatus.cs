using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>Who owns a directory and who else may use it, which .NET does not tell without following links; statx(2), geteuid(2).</summary>
internal static unsafe partial class DirectoryStatus
{
    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const uint STATX_TYPE_MODE_UID = 0x1 | 0x2 | 0x8;
    private const int StatxSize = 256;
    private const int UidOffset = 20; // struct statx is the same on every architecture.
    private const int ModeOffset = 28;
    private const int S_IFMT = 0xF000;
    private const int S_IFDIR = 0x4000;
    private const int AccessOfOthers = 0x3F; // 077

    /// <summary>The user whose rights this process has.</summary>
    public static uint UserId => GetEUidCore();

    /// <summary>True for a directory of this user that nobody else can enter, false for anything else, null if there is nothing.</summary>
    public static bool? IsPrivate(string path)
    {
        var record = stackalloc byte[StatxSize];
        if (StatxCore(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE_MODE_UID, record) != 0)
            return Errno.Last == Errno.ENOENT ? null : throw Errno.Failure($"Looking at {path}");
        var mode = *(ushort*)(record + ModeOffset);
        return (mode & S_IFMT) == S_IFDIR && (mode & AccessOfOthers) == 0 && *(uint*)(record + UidOffset) == UserId;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxCore(int directory, string path, int flags, uint mask, byte* record);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEUidCore();
}
