using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>
/// Starts a process whose parent is init (or the nearest subreaper), not this process, through an intermediate process that
/// exits at once: a service manager can only supervise a main process that is not somebody else's child.
/// </summary>
/// <remarks>
/// The intermediate is a clone(2) of this process that makes one posix_spawn(3) call and exits, like the child that
/// posix_spawn itself makes. It must not run managed code, not one instruction: a collection that begins meanwhile would
/// wait for it, and it for the collection. So its whole program is put together from three calls into the C library,
/// chained by makecontext(3): posix_spawnp, then _exit. What else was tried: a shell in its place drops environment
/// variables whose names are not identifiers and unblocks every signal; a copy of the daemon costs a second runtime start.
/// </remarks>
internal static unsafe partial class DetachedSpawn
{
    private const int CLONE_VM = 0x100;
    private const int CLONE_VFORK = 0x4000;
    private const int SIGCHLD = 17;
    private const int StackSize = 64 * 1024;

    // ucontext_t: 968 bytes on x86-64 and 4,560 on arm64. Its first members are the same on both.
    private const int ContextSize = 8 * 1024;
    private const int LinkOffset = 8;
    private const int StackOffset = 16;
    private const int StackSizeOffset = 32;

    private static readonly nint Libc = NativeLibrary.Load("libc", typeof(DetachedSpawn).Assembly, null);

    /// <summary>Starts what the plan says and returns its pid; <paramref name="errno"/> is 0, or why it could not be started.</summary>
    public static int Start(SpawnPlan plan, out int errno)
    {
        var memory = (byte*)NativeMemory.AlignedAlloc(2 * ContextSize + 3 * StackSize, 16);
        var spawn = memory;
        var exit = memory + ContextSize;
        var stacks = memory + 2 * ContextSize;
        var mask = stackalloc byte[SignalSet.Size];
        var pid = 0;

        // No handler of the runtime may run in the intermediate, which shares this process's memory.
        SignalSet.BlockAll(mask);
        try
        {
            Prepare(exit, stacks, next: null);
            MakeContextCore(exit, Export("_exit"), 1, 0, 0, 0, 0, 0, 0);
            Prepare(spawn, stacks + StackSize, next: exit);
            MakeContextCore(spawn, Export("posix_spawnp"), 6,
                (nint)(&pid), plan.File, (nint)plan.FileActions, (nint)plan.Attributes, (nint)plan.Arguments, (nint)plan.Environment);

            // This thread waits in the kernel until the intermediate is gone.
            var intermediate = CloneCore(Export("setcontext"), stacks + 3 * StackSize, CLONE_VM | CLONE_VFORK | SIGCHLD, spawn);
            if (intermediate < 0)
                throw Errno.Failure("Starting the intermediate process (clone)");
            ChildProcess.Wait(intermediate, out _);
        }
        finally
        {
            SignalSet.Restore(mask);
            NativeMemory.AlignedFree(memory);
        }

        errno = pid > 0 ? 0 : Reason(plan);
        return pid;
    }

    // The intermediate cannot say why it failed; the same call made here can.
    private static int Reason(SpawnPlan plan)
    {
        var errno = ChildProcess.Start(plan, out var child);
        if (errno == 0)
        {
            using (var process = PidfdCalls.Open(child))
            {
                if (process is not null)
                    PidfdCalls.Send(process, SignalSet.SIGKILL);
            }

            ChildProcess.Wait(child, out _);
            throw new HandoverException("Starting the successor failed for a reason that has passed. Try again.");
        }

        return errno;
    }

    private static void Prepare(byte* context, byte* stack, byte* next)
    {
        if (GetContextCore(context) != 0)
            throw Errno.Failure("Preparing the intermediate process (getcontext)");
        *(byte**)(context + LinkOffset) = next;
        *(byte**)(context + StackOffset) = stack;
        *(nuint*)(context + StackSizeOffset) = StackSize;
    }

    private static nint Export(string name) => NativeLibrary.TryGetExport(Libc, name, out var address)
        ? address
        : throw new HandoverException($"The C library of this system has no {name}: an upgrade in place needs glibc.");

    [LibraryImport("libc", EntryPoint = "getcontext", SetLastError = true)]
    private static partial int GetContextCore(byte* context);

    [LibraryImport("libc", EntryPoint = "makecontext")]
    private static partial void MakeContextCore(byte* context, nint function, int count, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc", EntryPoint = "clone", SetLastError = true)]
    private static partial int CloneCore(nint function, byte* stackTop, int flags, byte* argument);
}
