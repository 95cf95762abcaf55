using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>A pipe whose ends are closed on exec; pipe2(2). System.IO.Pipes would load the socket library with it.</summary>
internal static unsafe partial class Pipe
{
    private const int O_CLOEXEC = 0x80000;

    public static (DescriptorHandle Read, DescriptorHandle Write) Create()
    {
        var ends = stackalloc int[2];
        return Pipe2Core(ends, O_CLOEXEC) == 0 ? (new DescriptorHandle(ends[0]), new DescriptorHandle(ends[1])) : throw Errno.Failure("Creating a pipe");
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe2Core(int* ends, int flags);
}
