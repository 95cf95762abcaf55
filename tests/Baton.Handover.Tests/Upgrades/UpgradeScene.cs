using System.Diagnostics;
using System.Text;
using Baton.Handover.Native;
using Baton.Handover.Processes;
using Baton.Handover.Sockets;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Baton.Handover.Tests.Upgrades;

/// <summary>An upgrader with everything around it faked: processes, server, clock, log.</summary>
internal sealed class UpgradeScene : ILauncher, IServing, IStateKeeper, IHandoverObserver, ILogger<Upgrader>, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Generation _generation;
    private readonly List<FakeSuccessor> _successors = [];
    private readonly List<HandoverNotice> _notices = [];
    private readonly List<(string? State, StateMoment Moment, bool Accepts)> _loaded = [];
    private readonly List<StateMoment> _saved = [];
    private readonly List<string> _log = [];
    private readonly Task _running;
    private volatile TaskCompletionSource<DrainReport>? _drain;

    public UpgradeScene(HandoverOptions? options = null, FakePredecessor? predecessor = null, bool isRehearsal = false)
    {
        Predecessor = predecessor;
        _generation = new Generation(predecessor is null ? 1 : 2, "1.0", default, predecessor, [], new ProcessSignals()) { IsRehearsal = isRehearsal };
        Upgrader = new Upgrader(_generation, options ?? new HandoverOptions(), this, this, this, [this], Clock, this);
        _running = Upgrader.RunAsync();
    }

    public Upgrader Upgrader { get; }

    public ManualClock Clock { get; } = new();

    public FakePredecessor? Predecessor { get; }

    public bool Accepts { get; private set; }

    /// <summary>What it has to pass on.</summary>
    public byte[] Knows { get; set; } = "what it knows"u8.ToArray();

    /// <summary>Runs when what it has to pass on is gathered, and not yet passed.</summary>
    public Action<StateMoment>? Saving { get; set; }

    /// <summary>The moments at which that was asked for.</summary>
    public IReadOnlyList<StateMoment> Saved
    {
        get
        {
            lock (_saved)
                return [.. _saved];
        }
    }

    /// <summary>Whether it accepted already when it was told that it is about to, each time.</summary>
    public List<bool> Resumed { get; } = [];

    public byte[]? StateAtLaunch { get; private set; }

    /// <summary>What it was given, and whether it accepted already.</summary>
    public IReadOnlyList<(string? State, StateMoment Moment, bool Accepts)> Loaded
    {
        get
        {
            lock (_loaded)
                return [.. _loaded];
        }
    }

    public HandoverException? LaunchFails { get; set; }

    /// <summary>What observers were told: each phase, and whether it belongs to a rehearsal.</summary>
    public IReadOnlyList<(HandoverPhase Phase, bool IsRehearsal, UpgradeReport? Report)> Told
    {
        get
        {
            lock (_notices)
                return [.. _notices.Select(notice => (notice.Phase, notice.IsRehearsal, notice.Report))];
        }
    }

    public int Launched
    {
        get
        {
            lock (_successors)
                return _successors.Count;
        }
    }

    /// <summary>A generation that serves.</summary>
    public static async Task<UpgradeScene> ServingAsync(HandoverOptions? options = null)
    {
        var scene = new UpgradeScene(options);
        scene.Upgrader.SayPrepared();
        await scene.InPhaseAsync(HandoverPhase.Serving);
        return scene;
    }

    public async Task<FakeSuccessor> LaunchAsync()
    {
        var next = Launched + 1;
        Upgrader.RequestUpgrade("a test");
        var successor = await SuccessorAsync(next);
        // It is started before the upgrader has it in its hands.
        await UntilAsync(() => Upgrader.SuccessorPid == successor.Pid, "the upgrader to know its successor");
        return successor;
    }

    /// <summary>Asks for a rehearsal.</summary>
    public async Task<(FakeSuccessor Successor, Task<UpgradeReport> Report)> RehearseAsync()
    {
        var next = Launched + 1;
        var report = Upgrader.RehearseAsync("a test");
        var successor = await SuccessorAsync(next);
        await UntilAsync(() => Upgrader.SuccessorPid == successor.Pid, "the upgrader to know its successor");
        return (successor, report);
    }

    public async Task<FakeSuccessor> SuccessorAsync(int number)
    {
        await UntilAsync(() => Launched >= number, $"launch {number}");
        lock (_successors)
            return _successors[number - 1];
    }

    public Task InPhaseAsync(HandoverPhase phase) => UntilAsync(() => Upgrader.Phase == phase, $"phase {phase}");

    public async Task<UpgradeReport> ReportAsync(UpgradeOutcome outcome)
    {
        UpgradeReport? Find()
        {
            lock (_notices)
                return _notices.Select(notice => notice.Report).LastOrDefault(report => report?.Outcome == outcome);
        }

        await UntilAsync(() => Find() is not null, $"a report: {outcome}");
        return Find()!;
    }

    /// <summary>Completes when what the predecessor has passed after the drain has moved on.</summary>
    public Task PassedOn { get; set; } = Task.CompletedTask;

    /// <summary>Whether nothing more comes from the predecessor after the drain.</summary>
    public bool IsTailOver { get; private set; }

    public Task FinishDrainAsync() => UntilAsync(FinishDrain, "the drain to begin");

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                Assert.Fail($"Waited in vain for {what}; phase {Upgrader.Phase}, log:\n{string.Join('\n', _log)}");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Upgrader.RequestStop("the end of the test");
        await UntilAsync(
            () =>
            {
                FinishDrain(); // Whichever is the last: one that the test has finished may not be over yet.
                return _running.IsCompleted;
            },
            "the end");
        await _running;
        _generation.Dispose();
    }

    private bool FinishDrain()
    {
        var drain = _drain;
        drain?.TrySetResult(new DrainReport(0, 0, 0, 0, 0, 0, [], TimeSpan.Zero));
        return drain is not null;
    }

    private static TaskCompletionSource<IReadOnlyList<string>> Answered()
    {
        var found = new TaskCompletionSource<IReadOnlyList<string>>();
        found.SetResult([]);
        return found;
    }

    ISuccessor ILauncher.Launch(int generation, DescriptorHandle? state, bool isRehearsal)
    {
        StateAtLaunch = state is null ? null : StateFile.Read(state);
        if (LaunchFails is { } failure)
            throw failure;
        var successor = new FakeSuccessor(generation) { IsRehearsed = isRehearsal };
        lock (_successors)
            _successors.Add(successor);
        return successor;
    }

    DrainProgress IServing.Open => new(3, 2, 1);

    OpenWork IServing.Work => new(0, 0, 2, 0, 1, 2);

    IReadOnlyList<PendingWork> IServing.Pending => [new("all", "request", 2, TimeSpan.FromSeconds(7))];

    byte[] IStateKeeper.Save(StateMoment moment)
    {
        lock (_saved)
            _saved.Add(moment);
        var knows = Knows;
        Saving?.Invoke(moment);
        return knows;
    }

    void IStateKeeper.Resuming()
    {
        lock (_saved)
            Resumed.Add(Accepts);
    }

    void IStateKeeper.Load(byte[]? state, StateMoment moment)
    {
        lock (_loaded)
            _loaded.Add((state is null ? null : Encoding.UTF8.GetString(state), moment, Accepts));
    }

    void IServing.Accept() => Accepts = true;

    void IServing.Pause(IReadOnlyCollection<ListenSocket> except) => Accepts = false;

    void IServing.Release(IReadOnlyCollection<ListenSocket> listeners)
    {
    }

    public TrafficFigures Figures { get; set; } = new(0, 0, 0, 0);

    public TrafficFigures RecentFigures { get; set; } = new(0, 0, 0, 0);

    /// <summary>What the probe of the listeners finds; until it is set, it waits.</summary>
    public TaskCompletionSource<IReadOnlyList<string>> ProbeFinds { get; set; } = Answered();

    /// <summary>When the listeners were probed last.</summary>
    public DateTimeOffset? ProbedAt { get; private set; }

    Task<IReadOnlyList<string>> IServing.ProbeAsync(IReadOnlyCollection<ListenSocket> except, CancellationToken deadline)
    {
        ProbedAt = Clock.GetUtcNow();
        return ProbeFinds.Task.WaitAsync(deadline);
    }

    IAdoption IServing.Adopt(ChannelMessage message) => throw new NotSupportedException();

    Task<DrainReport> IServing.DrainAsync(TimeSpan timeout, Passage? passage, CancellationToken resumed)
    {
        var drain = _drain = new TaskCompletionSource<DrainReport>();
        resumed.Register(() => _drain = null);
        return drain.Task.WaitAsync(resumed);
    }

    async Task<DrainReport> IServing.PassOnAsync(TimeSpan timeout, Passage? passage, CancellationToken over, CancellationToken resumed)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        IsTailOver = true;
        await PassedOn.WaitAsync(resumed);
        return new DrainReport(0, 0, 0, 0, 0, 0, [], TimeSpan.Zero);
    }

    ValueTask IHandoverObserver.OnPhaseAsync(HandoverNotice notice)
    {
        lock (_notices)
            _notices.Add(notice);
        return ValueTask.CompletedTask;
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_log)
            _log.Add($"{logLevel} {formatter(state, exception)} {exception}");
    }
}
