using System.Threading.Channels;
using Baton.Handover.Processes;
using Microsoft.Extensions.Logging;

namespace Baton.Handover;

/// <summary>
/// The state machine of a generation, from its preparation to its exit. One loop owns all state; everything else, signals,
/// timers, the other processes, only writes events to its channel.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA1001", Justification = "An attempt ends before the loop does.")]
public sealed partial class Upgrader
{
    // A successor that was told nothing within this time goes on without being told: its predecessor is stuck.
    private static readonly TimeSpan PredecessorPatience = TimeSpan.FromSeconds(5);

    private readonly Channel<UpgraderEvent> _events = Channel.CreateUnbounded<UpgraderEvent>(new() { SingleReader = true });
    private readonly Generation _generation;
    private readonly HandoverOptions _options;
    private readonly ILauncher _launcher;
    private readonly IServing _serving;
    private readonly IStateKeeper _state;
    private readonly IReadOnlyList<IHandoverObserver> _observers;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    private UpgradeAttempt? _attempt;
    private bool _pendingTrigger;
    private bool _hasTakenOver;
    private bool _predecessorMayResume;
    private int _nextNumber;
    private int? _heir;

    internal Upgrader(
        Generation generation,
        HandoverOptions options,
        ILauncher launcher,
        IServing serving,
        IStateKeeper state,
        IEnumerable<IHandoverObserver> observers,
        TimeProvider clock,
        ILogger<Upgrader> log)
    {
        _generation = generation;
        _options = options;
        _launcher = launcher;
        _serving = serving;
        _state = state;
        _observers = [.. observers];
        _clock = clock;
        _log = log;
        _nextNumber = generation.Number + 1;
        _predecessorMayResume = generation.IsSuccessor;
    }

    /// <summary>What this generation is doing.</summary>
    public HandoverPhase Phase { get; private set; } = HandoverPhase.Preparing;

    /// <summary>The process id of the successor, from its launch on.</summary>
    internal int? SuccessorPid => _attempt?.MainPid;

    /// <summary>Whether the successor has loaded everything and runs what is to be done before it is ready.</summary>
    internal bool IsSuccessorWarmingUp => Phase == HandoverPhase.Launching && _attempt is { Successor.IsWarmingUp: true };

    /// <summary>Whether it answers for the service: its predecessor, if it had one, can no longer resume.</summary>
    public bool IsMain => !_predecessorMayResume;

    /// <summary>Whether it accepts, or has accepted.</summary>
    internal bool HasTakenOver => _hasTakenOver;

    /// <summary>Whether a successor serves in its place.</summary>
    public bool HasSuccessor => _attempt is { Ready: not null };

    /// <summary>Asks for an upgrade. During one it is remembered, and runs once afterwards; while this process exits, its successor is asked.</summary>
    /// <param name="origin">Who asks, for the log: "SIGHUP".</param>
    public void RequestUpgrade(string origin)
    {
        if (!Post(new UpgraderEvent.Triggered(origin)))
            HangUpOnHeir();
    }

    /// <summary>Asks the process to finish what is in flight and end, without a successor.</summary>
    /// <param name="origin">Who asks, for the log: "SIGTERM".</param>
    public void RequestStop(string origin) => Post(new UpgraderEvent.StopAsked(origin));

    /// <summary>Says that everything is prepared: the generation may accept as soon as its predecessor, if any, lets it.</summary>
    internal void SayPrepared() => Post(new UpgraderEvent.Prepared());

    /// <summary>Completes when nothing is left to do and the process can exit.</summary>
    internal async Task RunAsync()
    {
        await foreach (var next in _events.Reader.ReadAllAsync())
        {
            try
            {
                await HandleAsync(next);
            }
            catch (Exception e)
            {
                _log.StepFailed(e, Phase);
            }

            if (Phase == HandoverPhase.Exiting)
                break;
        }

        PassLateTriggersOn();
    }

    private ValueTask HandleAsync(UpgraderEvent next) => next switch
    {
        UpgraderEvent.Prepared => OnPreparedAsync(),
        UpgraderEvent.Triggered e => OnTriggeredAsync(e.Origin),
        UpgraderEvent.RehearsalAsked e => OnRehearsalAskedAsync(e.Rehearsal),
        UpgraderEvent.StopAsked e => OnStopAskedAsync(e.Origin),
        UpgraderEvent.ShutdownDue => OnShutdownDueAsync(),
        UpgraderEvent.PredecessorSaid e => OnPredecessorSaidAsync(e.Message),
        UpgraderEvent.PredecessorGone => OnPredecessorGoneAsync(),
        UpgraderEvent.TakeOverOverdue => OnTakeOverOverdueAsync(),
        UpgraderEvent.ProofOverdue => BecomeMainAsync(),
        UpgraderEvent.Drained e => OnDrainedAsync(e.Attempt, e.Report),
        UpgraderEvent.SuccessorReady e when e.Attempt == _attempt => OnSuccessorReadyAsync(e.Attempt, e.Message),
        UpgraderEvent.SuccessorFailed e when e.Attempt == _attempt => OnSuccessorFailedAsync(e.Attempt, e.Reasons),
        UpgraderEvent.RehearsedServes e when e.Attempt == _attempt => OnRehearsedServesAsync(),
        UpgraderEvent.RehearsedOverdue e when e.Attempt == _attempt => OnRehearsedOverdueAsync(e.Attempt),
        UpgraderEvent.RehearsedGone e when e.Attempt == _attempt => OnRehearsedGoneAsync(e.Attempt),
        UpgraderEvent.SuccessorSaid e when e.Attempt == _attempt => OnSuccessorSaidAsync(e.Attempt, e.Message),
        UpgraderEvent.SuccessorGone e when e.Attempt == _attempt => OnSuccessorGoneAsync(e.Attempt),
        UpgraderEvent.Probed e when e.Attempt == _attempt => OnProbedAsync(e.Attempt, e.Failures),
        UpgraderEvent.ProbationOver e when e.Attempt == _attempt => OnProbationOverAsync(e.Attempt),
        UpgraderEvent.TailOverdue e when e.Attempt == _attempt => EndTailAsync(),
        UpgraderEvent.TailDrained e when e.Attempt == _attempt => OnTailDrainedAsync(e.Attempt),
        UpgraderEvent.SuccessorGone e => OnRetiredGoneAsync(e.Attempt),
        UpgraderEvent.RetiredOverdue e => OnRetiredOverdueAsync(e.Attempt),
        _ => ValueTask.CompletedTask, // Of an attempt that is over.
    };

    private async ValueTask OnTriggeredAsync(string origin)
    {
        _log.Triggered(origin, Phase);
        switch (Phase)
        {
            case HandoverPhase.Serving when !_predecessorMayResume:
                await LaunchAsync();
                break;
            case HandoverPhase.Preparing when _generation.IsRehearsal:
                await TellPredecessorOfTriggerAsync();
                break;
            case HandoverPhase.Preparing or HandoverPhase.Serving or HandoverPhase.Launching:
                _pendingTrigger = true;
                break;
            case HandoverPhase.Probation or HandoverPhase.Draining or HandoverPhase.Stopping when HasSuccessor:
                await PassTriggerOnAsync(_attempt!);
                break;
        }
    }

    private async ValueTask EnterAsync(HandoverPhase phase, UpgradeReport? report = null)
    {
        Phase = phase;
        // One that becomes the main one while it ends says so too: its exit code is the last one then.
        if (IsMain && !HasSuccessor && phase is HandoverPhase.Serving or HandoverPhase.Stopping)
            _generation.Constant?.Announce(_generation.Pid);
        var notice = new HandoverNotice(phase, _generation.Number, _attempt?.MainPid, IsMain, report) { IsRehearsal = IsRehearsing };
        foreach (var observer in _observers)
        {
            try
            {
                await observer.OnPhaseAsync(notice);
            }
            catch (Exception e)
            {
                _log.ObserverFailed(e, phase);
            }
        }
    }

    // False when the loop has ended.
    private bool Post(UpgraderEvent next) => _events.Writer.TryWrite(next);

    private void PostAfter(TimeSpan delay, UpgraderEvent next)
    {
        var elapsed = Task.Delay(delay, _clock);
        Follow(async () =>
        {
            await elapsed;
            return next;
        });
    }

    // Runs beside the loop and ends as an event in it.
    private void Follow(Func<Task<UpgraderEvent>> work) =>
        _ = Task.Run(async () =>
        {
            try
            {
                Post(await work());
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                // The attempt it belonged to is over, and its channel may be closed before this has noticed.
            }
            catch (Exception e)
            {
                _log.StepFailed(e, Phase);
            }
        });
}
