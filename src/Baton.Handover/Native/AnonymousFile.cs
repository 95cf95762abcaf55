using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>Files that live in memory and have no name, to be passed to another process; memfd_create(2).</summary>
internal static partial class AnonymousFile
{
    private const uint MFD_CLOEXEC = 1;
    private const uint MFD_ALLOW_SEALING = 2;
    private const int F_ADD_SEALS = 1033;
    private const int AllSeals = 0x1 | 0x2 | 0x4 | 0x8; // F_SEAL_SEAL, _SHRINK, _GROW, _WRITE; fcntl(2)

    /// <summary>An empty file.</summary>
    /// <param name="name">What /proc/pid/fd shows.</param>
    public static DescriptorHandle Create(string name)
    {
        var fd = CreateCore(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
        return fd >= 0 ? new DescriptorHandle(fd) : throw Errno.Failure("Creating a file in memory (memfd_create)");
    }

    /// <summary>From here on nobody, this process included, can change what is in it.</summary>
    public static void Seal(DescriptorHandle file)
    {
        if (SealCore(file, F_ADD_SEALS, AllSeals) < 0)
            throw Errno.Failure("Sealing a file in memory (fcntl F_ADD_SEALS)");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateCore(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int SealCore(DescriptorHandle file, int command, int argument);
}
