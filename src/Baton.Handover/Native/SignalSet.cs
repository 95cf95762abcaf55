using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>Signal masks and dispositions; signal(7), sigaction(2), pthread_sigmask(3).</summary>
internal static unsafe partial class SignalSet
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGQUIT = 3;
    public const int SIGKILL = 9;
    public const int SIGUSR1 = 10;
    public const int SIGTERM = 15;
    public const int SIGCONT = 18;
    public const int SIGSTOP = 19;
    public const int SIGTSTP = 20;
    public const int SIGTTOU = 22;

    /// <summary>Room for a <c>sigset_t</c>: 128 bytes in glibc and in musl.</summary>
    public const int Size = 128;

    private const int SIG_BLOCK = 0;
    private const int SIG_UNBLOCK = 1;
    private const int SIG_SETMASK = 2;
    private const nint SIG_DFL = 0;
    private const nint SIG_IGN = 1;
    private const nint SIG_ERR = -1;

    // struct sigaction, 152 bytes in glibc and in musl; the handler is its first member.
    private const int ActionSize = 256;

    /// <summary>
    /// Gives signals their default disposition back that whoever started the process has had ignored: nohup(1) SIGHUP, a shell
    /// SIGINT and SIGQUIT for what it starts in the background of a script. .NET leaves an ignored signal alone.
    /// </summary>
    public static void RestoreIgnored(params ReadOnlySpan<int> signals)
    {
        var action = stackalloc byte[ActionSize];
        foreach (var signal in signals)
        {
            if (SigactionCore(signal, null, action) != 0 || (*(nint*)action == SIG_IGN && SignalCore(signal, SIG_DFL) == SIG_ERR))
                throw Errno.Failure($"Restoring the default disposition of signal {signal}");
        }
    }

    public static void Unblock(params ReadOnlySpan<int> signals)
    {
        var set = stackalloc byte[Size];
        Fill(set, signals);
        Check(PthreadSigmaskCore(SIG_UNBLOCK, set, null), "Unblocking signals");
    }

    /// <summary>Blocks every signal in this thread and writes the mask it had to <paramref name="before"/>.</summary>
    public static void BlockAll(byte* before)
    {
        var all = stackalloc byte[Size];
        SigfillsetCore(all);
        Check(PthreadSigmaskCore(SIG_BLOCK, all, before), "Blocking signals");
    }

    public static void Restore(byte* mask) => Check(PthreadSigmaskCore(SIG_SETMASK, mask, null), "Restoring the signal mask");

    public static void Fill(byte* set, params ReadOnlySpan<int> signals)
    {
        SigemptysetCore(set);
        foreach (var signal in signals)
            SigaddsetCore(set, signal);
    }

    // pthread functions return the error instead of setting errno.
    private static void Check(int errno, string tried)
    {
        if (errno != 0)
            throw Errno.Failure(tried, errno);
    }

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    private static partial nint SignalCore(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    private static partial int SigactionCore(int signal, byte* action, byte* before);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int PthreadSigmaskCore(int how, byte* set, byte* before);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial void SigemptysetCore(byte* set);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial void SigfillsetCore(byte* set);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    private static partial void SigaddsetCore(byte* set, int signal);
}
