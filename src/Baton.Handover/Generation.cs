using System.Collections.Concurrent;
using Baton.Handover.Native;
using Baton.Handover.Processes;
using Baton.Handover.Sockets;

namespace Baton.Handover;

/// <summary>
/// This process as one in a line of generations. To be begun first thing in <c>Main</c>, on the main thread: until then a
/// SIGHUP would end the process.
/// </summary>
public sealed partial class Generation : IDisposable
{
    private bool _hasSpoken;

    internal Generation(
        int number,
        string version,
        DateTimeOffset startedAt,
        IPredecessor? predecessor,
        IReadOnlyList<ListenSocket> inherited,
        ProcessSignals signals)
    {
        Number = number;
        Version = version;
        StartedAt = startedAt;
        Predecessor = predecessor;
        Listeners = new ListenSockets(inherited);
        Command = LaunchCommand.OfThisProcess();
        Signals = signals;
    }

    /// <summary>1 for a process that was started by hand or by a service manager, one more with every upgrade.</summary>
    public int Number { get; }

    /// <summary>The process id.</summary>
    public int Pid { get; } = Environment.ProcessId;

    /// <summary>The version of the build.</summary>
    public string Version { get; }

    /// <summary>When the process began its work.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Cancelled by the first SIGTERM, SIGINT or SIGQUIT.</summary>
    public CancellationToken StopRequested => Signals.StopRequested;

    /// <summary>Whether this process was launched by a predecessor that waits for its word.</summary>
    public bool IsSuccessor => Predecessor is not null;

    /// <summary>
    /// Whether this process was launched to rehearse an upgrade: it prepares, says what it would do, and ends. It never accepts.
    /// </summary>
    public bool IsRehearsal { get; internal init; }

    /// <summary>
    /// The pid of the constant process in front of the generations; null if there is none. Signals go there, and it stays the
    /// same process for whoever started it.
    /// </summary>
    public int? ConstantPid => Constant?.Pid;

    /// <summary>Called when SIGUSR1 asks for log files to be opened anew, on a thread of the pool.</summary>
    public Action? LogReopening
    {
        get => Signals.Reopening;
        set => Signals.Reopening = value;
    }

    /// <summary>
    /// Whether a second SIGTERM ends the process at once, as a second SIGINT does. To be turned off where somebody sends it again
    /// as a matter of course. Default: true.
    /// </summary>
    public bool RepeatedTermEnds
    {
        get => Signals.RepeatedTermEnds;
        set => Signals.RepeatedTermEnds = value;
    }

    internal IPredecessor? Predecessor { get; }

    internal ConstantLink? Constant { get; init; }

    /// <summary>Lowered until it takes over; null for one that has nobody to hold up.</summary>
    internal PreparationPriority? Priority { get; private init; }

    /// <summary>What the predecessor knew when it launched this process; null if it gave nothing, empty if that cannot be read.</summary>
    internal byte[]? State { get; init; }

    internal ListenSockets Listeners { get; }

    /// <summary>What a rehearsal has warned of.</summary>
    internal ConcurrentQueue<string> Warnings { get; } = [];

    internal LaunchCommand Command { get; }

    internal ProcessSignals Signals { get; }

    /// <summary>Takes what a predecessor left for this process, if there is one, and installs the signal handlers.</summary>
    /// <param name="version">The version of the build, as reports name it.</param>
    /// <param name="clock">Default: the system's.</param>
    /// <exception cref="HandoverException">The inheritance is damaged or of an unknown version; the predecessor was told.</exception>
    public static Generation Begin(string version, TimeProvider? clock = null)
    {
        var startedAt = (clock ?? TimeProvider.System).GetUtcNow();
        var text = InheritedEnvironment.Take();
        if (text is null)
            return new Generation(1, version, startedAt, null, [], ProcessSignals.Install()) { Constant = LinkOf(InheritedEnvironment.TakeLink()) };

        var priority = new PreparationPriority();
        priority.Lower();
        try
        {
            var inheritance = Inheritance.Parse(text);
            int[] fds = [.. inheritance.Listeners.Select(listener => listener.Fd), inheritance.ReadyPipe, inheritance.Channel];
            Array.ForEach(fds, DescriptorHandle.CloseOnExec);
            var predecessor = new Predecessor(inheritance);
            var listeners = inheritance.Listeners.Select(listener => ListenSocket.Adopt(new DescriptorHandle(listener.Fd), ListenAddress.FromText(listener.Address))).ToList();
            return new Generation(inheritance.Generation, version, startedAt, predecessor, listeners, ProcessSignals.Install())
            {
                State = StateOf(inheritance),
                Constant = LinkOf(inheritance.Constant),
                IsRehearsal = inheritance.IsRehearsal,
                Priority = priority,
            };
        }
        catch (HandoverException e)
        {
            if (Inheritance.ReadyPipeOf(text) is { } fd)
            {
                using var ready = Processes.Predecessor.ReadyPipe(fd);
                ready.Write(Failure(0, version, e.Reasons).ToBytes());
            }

            throw;
        }
    }

    /// <summary>Tells the predecessor, if one waits, every reason why this process cannot take over; it serves on.</summary>
    public void Fail(IReadOnlyList<string> reasons) => Say(Failure(Number, Version, reasons));

    /// <inheritdoc />
    public void Dispose()
    {
        Signals.Dispose();
        Listeners.Dispose();
        Predecessor?.Dispose();
        Priority?.Dispose();
        Constant?.Dispose();
    }

    internal void SayWarmingUp() => Predecessor?.SayWarmingUp();

    internal void SayReady()
    {
        // Closed before the predecessor is told: it empties the queue, and no other copy may keep the listener open then.
        var released = Listeners.Unclaimed;
        ReleasedListeners = [.. released.Select(listener => listener.Address.ToString())];
        int[] fds = [.. released.Select(listener => listener.Fd)];
        Listeners.CloseUnclaimed();
        Say(new ReadyMessage(Inheritance.Version, Pid, Number, Version)
        {
            Released = fds,
            Adopts = [ChannelMessage.Connections, ChannelMessage.Tunnel],
            Bound = Listeners.BoundHere,
            Warnings = IsRehearsal ? [.. Warnings] : null,
        });
    }

    // Not to be inherited by what else this process starts: the constant process waits for the end of every copy.
    private static ConstantLink? LinkOf(InheritedLink? link)
    {
        if (link is null)
            return null;
        DescriptorHandle.CloseOnExec(link.Fd);
        return new ConstantLink(link);
    }

    // Read and closed at once; a descriptor that is no such file is no reason not to start.
    private static byte[]? StateOf(Inheritance inheritance)
    {
        if (inheritance.State is not { } fd)
            return null;
        using var file = new DescriptorHandle(fd);
        return StateFile.Read(file) ?? [];
    }

    private void Say(ReadyMessage message)
    {
        if (Predecessor is null || Interlocked.Exchange(ref _hasSpoken, true))
            return;
        Predecessor.Say(message);
    }

    private static ReadyMessage Failure(int number, string version, IReadOnlyList<string> reasons) =>
        new(Inheritance.Version, Environment.ProcessId, number, version) { Failed = reasons };
}
