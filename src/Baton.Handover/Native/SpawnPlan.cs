using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Baton.Handover.Native;

/// <summary>
/// Everything posix_spawn(3) is told about a new process, in unmanaged memory: descriptors, directory, signals, arguments,
/// environment. Built before the spawn, so that the intermediate process has nothing left to do but one call.
/// </summary>
internal sealed unsafe partial class SpawnPlan : IDisposable
{
    private const short POSIX_SPAWN_SETPGROUP = 0x02;
    private const short POSIX_SPAWN_SETSIGDEF = 0x04;
    private const short POSIX_SPAWN_SETSIGMASK = 0x08;

    // posix_spawnattr_t takes 336 bytes and posix_spawn_file_actions_t 80 in glibc and in musl; their layout is opaque.
    private const int OpaqueSize = 512;

    // Children of .NET start with SIGPIPE ignored, and a nohup'ed ancestor leaves SIGHUP ignored: all of them get their
    // default back. 9 and 19 (KILL, STOP) cannot be changed.
    private static readonly int[] ResettableSignals =
        [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31];

    // HUP and USR1 wait until the new process has its handlers: the default action of each would end it, and they are sent to
    // whoever seems to be there. TTOU stays blocked, so that what is written to a terminal from its background is not stopped
    // (stty tostop); termios(3).
    private static readonly int[] BlockedSignals = [SignalSet.SIGHUP, SignalSet.SIGUSR1, SignalSet.SIGTTOU];

    private readonly List<nint> _strings = [];

    /// <param name="arguments">The command, argv[0] first.</param>
    /// <param name="environment">As in <c>NAME=value</c>.</param>
    /// <param name="workingDirectory">Where it starts.</param>
    /// <param name="sourceFds">What becomes its first fds; each must be numbered above those.</param>
    /// <param name="firstFd">The number of the first of them.</param>
    /// <param name="inOwnGroup">Whether it is the first of a new process group.</param>
    /// <param name="alsoBlocked">More signals that wait until it has its handlers.</param>
    public SpawnPlan(
        IReadOnlyList<string> arguments,
        IReadOnlyCollection<string> environment,
        string workingDirectory,
        ReadOnlySpan<int> sourceFds,
        int firstFd = 3,
        bool inOwnGroup = false,
        ReadOnlySpan<int> alsoBlocked = default)
    {
        Attributes = (byte*)NativeMemory.AllocZeroed(OpaqueSize);
        FileActions = (byte*)NativeMemory.AllocZeroed(OpaqueSize);
        Arguments = Strings(arguments);
        Environment = Strings(environment);
        File = Arguments[0];

        var set = stackalloc byte[SignalSet.Size];
        Check(AttrInitCore(Attributes));
        SignalSet.Fill(set, ResettableSignals);
        Check(AttrSetSigDefaultCore(Attributes, set));
        SignalSet.Fill(set, [.. BlockedSignals, .. alsoBlocked]);
        Check(AttrSetSigMaskCore(Attributes, set));
        var group = inOwnGroup ? POSIX_SPAWN_SETPGROUP : (short)0; // Its number: 0, that of the process; posix_spawnattr_init(3).
        Check(AttrSetFlagsCore(Attributes, (short)(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | group)));

        Check(ActionsInitCore(FileActions));
        Check(ActionsAddChdirCore(FileActions, workingDirectory));
        for (var index = 0; index < sourceFds.Length; index++)
            Check(ActionsAddDup2Core(FileActions, sourceFds[index], firstFd + index));
    }

    public nint* Arguments { get; }

    public nint* Environment { get; }

    public nint File { get; }

    public byte* Attributes { get; }

    public byte* FileActions { get; }

    public void Dispose()
    {
        ActionsDestroyCore(FileActions);
        AttrDestroyCore(Attributes);
        NativeMemory.Free(FileActions);
        NativeMemory.Free(Attributes);
        NativeMemory.Free(Arguments);
        NativeMemory.Free(Environment);
        foreach (var text in _strings)
            Utf8StringMarshaller.Free((byte*)text);
    }

    private nint* Strings(IReadOnlyCollection<string> texts)
    {
        var array = (nint*)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(nint));
        var index = 0;
        foreach (var text in texts)
        {
            array[index] = (nint)Utf8StringMarshaller.ConvertToUnmanaged(text);
            _strings.Add(array[index++]);
        }

        return array;
    }

    private static void Check(int errno)
    {
        if (errno != 0)
            throw Errno.Failure("Preparing the launch of the successor", errno);
    }

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttrInitCore(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttrSetFlagsCore(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttrSetSigDefaultCore(byte* attributes, byte* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttrSetSigMaskCore(byte* attributes, byte* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial void AttrDestroyCore(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInitCore(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsAddDup2Core(byte* actions, int source, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ActionsAddChdirCore(byte* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial void ActionsDestroyCore(byte* actions);
}
