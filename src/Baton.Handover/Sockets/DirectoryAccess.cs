using Baton.Handover.Native;

namespace Baton.Handover.Sockets;

/// <summary>What may be done in a directory, asked of the kernel without doing it.</summary>
public static class DirectoryAccess
{
    /// <summary>Whether this process's user may create files in it; false for what is no directory.</summary>
    public static bool MayCreateIn(string directory) => Directory.Exists(directory) && FileRights.MayChange(directory);
}
