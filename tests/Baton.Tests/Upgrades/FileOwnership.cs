using System.Runtime.InteropServices;

namespace Baton.Tests.Upgrades;

/// <summary>User and group of a file; statx(2), whose record is the same on every architecture.</summary>
internal static partial class FileOwnership
{
    private const int AT_FDCWD = -100;
    private const uint STATX_UID_GID = 0x18;
    private const int RecordSize = 256;
    private const int UidOffset = 20;
    private const int GidOffset = 24;

    public static (uint Uid, uint Gid) Of(string path)
    {
        var record = new byte[RecordSize];
        if (StatX(AT_FDCWD, path, 0, STATX_UID_GID, record) != 0)
            throw new IOException($"statx {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        return (BitConverter.ToUInt32(record, UidOffset), BitConverter.ToUInt32(record, GidOffset));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, [Out] byte[] record);
}
