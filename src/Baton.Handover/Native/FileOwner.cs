using System.Globalization;
using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>Owner and group of a file, by name or number; chown(2), getpwnam_r(3), getgrnam_r(3).</summary>
internal static unsafe partial class FileOwner
{
    private const uint Unchanged = uint.MaxValue;
    private const int RecordSize = 128;
    private const int TextSize = 16 * 1024;

    // struct passwd: name, passwd, uid, gid, …; struct group: name, passwd, gid, …
    private static readonly int IdOffset = 2 * sizeof(nint);

    /// <summary>Gives the file to a user, a group, or both; null leaves that part as it is.</summary>
    public static void Change(string path, string? owner, string? group)
    {
        if (owner is null && group is null)
            return;
        var uid = owner is null ? Unchanged : Id(owner, "user", GetPwNamCore);
        var gid = group is null ? Unchanged : Id(group, "group", GetGrNamCore);
        if (ChownCore(path, uid, gid) != 0)
            throw Errno.Failure($"Giving {path} to {owner ?? "-"}:{group ?? "-"}");
    }

    private delegate int Lookup(string name, byte* record, byte* text, nuint textSize, byte** found);

    private static uint Id(string name, string kind, Lookup lookup)
    {
        if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return id;

        var text = new byte[TextSize];
        var record = stackalloc byte[RecordSize];
        byte* found = null;
        fixed (byte* buffer = text)
        {
            var errno = lookup(name, record, buffer, TextSize, &found);
            if (found is null)
                throw new HandoverException(errno == 0
                    ? $"There is no {kind} '{name}' on this machine. Correct the UnixSockets option, or create it."
                    : $"Looking up the {kind} '{name}' failed: {Errno.InWords(errno)}.");
            return *(uint*)(found + IdOffset);
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChownCore(string path, uint uid, uint gid);

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetPwNamCore(string name, byte* record, byte* text, nuint textSize, byte** found);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetGrNamCore(string name, byte* record, byte* text, nuint textSize, byte** found);
}
