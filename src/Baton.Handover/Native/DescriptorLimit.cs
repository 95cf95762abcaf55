using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>How many descriptors this process may have; getrlimit(2).</summary>
internal static unsafe partial class DescriptorLimit
{
    private const int RLIMIT_NOFILE = 7;

    // A thread of .NET needs two (a pipe) when it is started, and a process in which one is wanted and cannot be started is ended.
    private const int LeftFree = 16;

    /// <summary>
    /// Whether a descriptor is one of the last that there can be: the kernel gives out the lowest that is free.
    /// </summary>
    public static bool IsNear(int fd)
    {
        var limits = stackalloc nuint[2]; // struct rlimit: the soft limit, the hard one.
        return GetLimitCore(RLIMIT_NOFILE, limits) == 0 && limits[0] <= int.MaxValue && fd + LeftFree >= (int)limits[0];
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimitCore(int resource, nuint* limits);
}
