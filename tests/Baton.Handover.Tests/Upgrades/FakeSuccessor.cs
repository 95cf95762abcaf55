using System.Threading.Channels;
using Baton.Handover.Native;
using Baton.Handover.Processes;
using Baton.Handover.Sockets;

namespace Baton.Handover.Tests.Upgrades;

/// <summary>A successor that does what a test says, and remembers what was done to it.</summary>
internal sealed class FakeSuccessor(int generation) : ISuccessor
{
    private readonly TaskCompletionSource<ReadyMessage> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<ChannelMessage> _fromIt = Channel.CreateUnbounded<ChannelMessage>();
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly List<string> _received = [];
    private readonly Dictionary<string, byte[]?> _states = [];
    private readonly List<byte[]?> _allStates = [];
    private bool _isDead;
    private int _reads;

    public int Pid => 1000 + generation;

    public int Generation => generation;

    /// <summary>Whether it was launched to be told to end.</summary>
    public bool IsRehearsed { get; init; }

    public RehearsalReport Learned { get; } = new(["127.0.0.1:80"], ["127.0.0.1:81"], ["127.0.0.1:82"]) { ResidentBytes = 80, ProportionalBytes = 40 };

    public bool IsWarmingUp { get; set; }

    public IReadOnlyList<string> Received
    {
        get { lock (_gate) return [.. _received]; }
    }

    /// <summary>Whether all that it has said was read, and more is waited for.</summary>
    public bool HasBeenHeard => _fromIt.Reader.Count == 0 && _reads > 1;

    /// <summary>What it was last told of the predecessor's drain.</summary>
    public DrainProgress? Progress { get; private set; }

    /// <summary>What it was last told of those before it.</summary>
    public IReadOnlyList<GenerationProgress> Predecessors { get; private set; } = [];

    /// <summary>The state that came with a message, by its kind.</summary>
    public IReadOnlyDictionary<string, byte[]?> States
    {
        get { lock (_gate) return new Dictionary<string, byte[]?>(_states); }
    }

    /// <summary>All of them, in the order of their arrival.</summary>
    public IReadOnlyList<byte[]?> AllStates
    {
        get { lock (_gate) return [.. _allStates]; }
    }

    public UpgradeReport? Report { get; private set; }

    public bool WasKilled { get; private set; }

    public bool WasTerminated { get; private set; }

    /// <param name="pid">The process that it says it is; by default one that there is not.</param>
    public void BecomeReady(int? pid = null) => _ready.SetResult(new ReadyMessage(Inheritance.Version, pid ?? Pid, generation, "2.0"));

    public void Fail(params string[] reasons) =>
        _ready.SetResult(new ReadyMessage(Inheritance.Version, Pid, generation, "2.0") { Failed = reasons });

    public void WriteGarbage() => _ready.SetException(new HandoverException("The successor wrote something other than a ready message."));

    public void ExitWithoutAWord() => _ready.SetException(new HandoverException("ended before it was ready"));

    public void Die()
    {
        _isDead = true;
        _fromIt.Writer.TryComplete();
        _exited.TrySetResult();
    }

    public void Say(string kind) => Say(new ChannelMessage(kind));

    public void Say(ChannelMessage message) => _fromIt.Writer.TryWrite(message);

    public Task<ReadyMessage> ReadReadyAsync(CancellationToken cancellation) => _ready.Task.WaitAsync(cancellation);

    public IReadOnlyList<ListenSocket> ReleasedBy(ReadyMessage message) => [];

    public ValueTask<bool> SendAsync(ChannelMessage message, ReadOnlyMemory<int> fds, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_isDead)
                return ValueTask.FromResult(false);
            if (message.Kind == ChannelMessage.Progress)
                (Progress, Predecessors) = (message.Open, message.Generations ?? []);
            else
                _received.Add(message.Kind);
            if (fds.Length > 0 && message.Kind is not ChannelMessage.Connections)
                _allStates.Add(_states[message.Kind] = StateFile.Read(DescriptorHandle.Duplicate(fds.Span[0], 3)));
            Report = message.Report ?? Report;
        }

        return ValueTask.FromResult(true);
    }

    public async ValueTask<ChannelMessage?> ReceiveAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        return await _fromIt.Reader.WaitToReadAsync(cancellation) && _fromIt.Reader.TryRead(out var message) ? message : null;
    }

    public RehearsalReport RehearsedBy(ReadyMessage message) => Learned;

    public Task WaitForExitAsync(CancellationToken cancellation) => _exited.Task.WaitAsync(cancellation);

    public void Terminate() => WasTerminated = true;

    public void Kill() => WasKilled = true;

    public void Dispose()
    {
    }
}
