using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>What this user may do with a file, asked without doing it; access(2).</summary>
internal static partial class FileRights
{
    private const int X_OK = 1;
    private const int W_OK = 2;

    /// <summary>Whether it may make and remove files in a directory.</summary>
    public static bool MayChange(string directory) => AccessCore(directory, W_OK | X_OK) == 0;

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AccessCore(string path, int mode);
}
