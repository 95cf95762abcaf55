using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>Whether a descriptor is a terminal; isatty(3). Of one that has hung up the answer is no (EIO).</summary>
internal static partial class TerminalCalls
{
    public static bool IsTerminal(int fd) => IsattyCore(fd) == 1;

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsattyCore(int fd);
}
