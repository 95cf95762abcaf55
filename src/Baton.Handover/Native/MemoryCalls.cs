using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>Pages of this process; madvise(2).</summary>
internal static partial class MemoryCalls
{
    private const int MADV_DONTNEED = 4;

    /// <summary>Lets go of pages: of a file that nothing has written to they are read again when they are needed.</summary>
    public static void LetGo(nint start, nint end) => _ = MadviseCore(start, (nuint)(end - start), MADV_DONTNEED);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MadviseCore(nint start, nuint length, int advice);
}
