using System.Globalization;
using Baton.Handover.Native;
using Baton.Handover.Processes;
using Microsoft.Win32.SafeHandles;

namespace Baton.Handover.Init;

/// <summary>
/// The generations behind a constant process. They are one process group of their own: what a terminal sends to its foreground
/// (Ctrl-C) reaches them once, forwarded, and all of them can be meant.
/// </summary>
internal sealed class Generations : IDisposable
{
    private readonly DescriptorHandle _link;
    private readonly int _group;
    private readonly object _lock = new();
    private volatile int _main;
    private bool _hangupIsDue;

    private Generations(DescriptorHandle link, int first)
    {
        _link = link;
        _group = first;
        _main = first;
    }

    /// <summary>The pid of the one that answers for the service, or did last.</summary>
    public int Main => _main;

    /// <summary>Starts generation 1.</summary>
    /// <param name="command">The command of this process.</param>
    /// <param name="given">How many descriptors, from the first on, were given to this process for generation 1.</param>
    /// <exception cref="HandoverException">It cannot be started.</exception>
    public static Generations Start(LaunchCommand command, int given)
    {
        var fd = Inheritance.FirstFd + given;
        var (link, theirs) = Pipe.Create();
        using var copy = DescriptorHandle.Duplicate(theirs.Fd, atLeast: fd + 1);
        theirs.Dispose();
        using var plan = new SpawnPlan(
            command.Arguments,
            InheritedEnvironment.ForFirst(new InheritedLink(fd, Environment.ProcessId)),
            command.WorkingDirectory,
            [copy.Fd],
            firstFd: fd,
            inOwnGroup: true,
            alsoBlocked: [SignalSet.SIGTERM, SignalSet.SIGINT, SignalSet.SIGQUIT]); // A stop at once after the start is graceful too.
        var errno = ChildProcess.Start(plan, out var first);
        if (errno != 0)
            throw command.Failure("Starting generation 1", errno);
        LetGoOf(given);
        return new Generations(link, first);
    }

    /// <summary>Listens to which of them is the main one, until none is left.</summary>
    public void Follow()
    {
        using var pipe = new FileStream(new SafeFileHandle(_link.Fd, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        using var lines = new StreamReader(pipe);
        while (lines.ReadLine() is { } line)
            Read(line);
    }

    /// <summary>Asks the main one for an upgrade. If that ends without having taken the signal, the next main one gets it.</summary>
    public void Hangup()
    {
        lock (_lock)
        {
            _hangupIsDue = true;
            SendHangup();
        }
    }

    public void SignalAll(int signal) => ChildProcess.SignalGroup(_group, signal);

    public void Dispose() => _link.Dispose();

    private void Read(string line)
    {
        lock (_lock)
        {
            if (ConstantLink.IsHangupTaken(line))
                _hangupIsDue = false;
            if (ConstantLink.MainOf(line) is not { } main || main == _main)
                return;
            _main = main;
            if (_hangupIsDue)
                SendHangup();
        }
    }

    // One that has ended may have left its pid to somebody else, who is not in the group.
    private void SendHangup()
    {
        var main = _main;
        if (ChildProcess.GroupOf(main) == _group)
            ChildProcess.Signal(main, SignalSet.SIGHUP);
    }

    // A listener that the generations no longer want would go on taking connections that nobody accepts. Whoever has named more
    // than there are must not have descriptors of the runtime closed.
    private static void LetGoOf(int given)
    {
        for (var fd = Inheritance.FirstFd; fd < Inheritance.FirstFd + given; fd++)
        {
            if (FileType.IsSocket(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{fd}")) == true)
                new DescriptorHandle(fd).Dispose();
        }
    }
}
