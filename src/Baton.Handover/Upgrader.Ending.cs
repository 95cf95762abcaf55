using Baton.Handover.Processes;

namespace Baton.Handover;

/// <summary>This generation finishes what is in flight and exits: asked to, or because its successor serves.</summary>
public sealed partial class Upgrader
{
    private async ValueTask OnStopAskedAsync(string origin)
    {
        _log.StopAsked(origin, Phase);
        _pendingTrigger = false;
        switch (Phase)
        {
            case HandoverPhase.Preparing:
                _generation.Fail([$"It was asked to end by {origin} before it was ready."]);
                if (_generation.IsRehearsal)
                    _heir = _generation.Predecessor?.Pid; // It serves, and will.
                await ExitAsync(null);
                break;
            case HandoverPhase.Serving or HandoverPhase.Launching:
                await TellPredecessorOfLeavingAsync(heir: null);
                if (IsRehearsing)
                    AbandonRehearsal(origin);
                else
                    _attempt?.Successor.Terminate(); // It prepares; nothing has been handed to it.
                var isDue = _options.ShutdownDelay == TimeSpan.Zero;
                if (isDue)
                    _serving.Pause([]);
                else
                    PostAfter(_options.ShutdownDelay, new UpgraderEvent.ShutdownDue());
                await EnterAsync(HandoverPhase.Stopping);
                if (isDue)
                    Drain(null);
                break;
            case HandoverPhase.Probation or HandoverPhase.Draining:
                await EndProbationAsync(_attempt!); // Not to resume any more; the drain that is under way goes on.
                if (Phase == HandoverPhase.Draining)
                    await EnterAsync(HandoverPhase.Stopping);
                await EndTailAsync();
                break;
        }
    }

    private ValueTask OnShutdownDueAsync()
    {
        _serving.Pause([]);
        Drain(null);
        return ValueTask.CompletedTask;
    }

    private async ValueTask OnDrainedAsync(UpgradeAttempt? attempt, DrainReport report)
    {
        if (attempt is not null && attempt != _attempt)
            return; // Of a drain that a resume has ended.
        if (attempt is not null)
            attempt.Drain = report;
        if (Phase is HandoverPhase.Draining or HandoverPhase.Stopping)
            await ExitAsync(report);
    }

    private void Drain(UpgradeAttempt? attempt) =>
        Follow(async () => new UpgraderEvent.Drained(attempt, await _serving.DrainAsync(_options.DrainTimeout, attempt?.Passage, attempt?.Resumed ?? CancellationToken.None)));

    private async ValueTask ExitAsync(DrainReport? drain)
    {
        if (_attempt is { Ready: not null } attempt)
        {
            var report = Report(attempt, UpgradeOutcome.Completed) with { Drain = drain };
            _log.Completed(report);
            var waits = WaitsForTail(attempt); // First, since a connection that comes in between would be kept here for a request.
            await SendWithStateAsync(attempt, new ChannelMessage(ChannelMessage.Final) { Report = report }, StateMoment.End);
            _heir = attempt.MainPid;
            attempt.IsReported = true;
            if (waits)
                return;
        }
        else
        {
            await TellPredecessorAsync(CancellationToken.None);
            _attempt?.Successor.Kill(); // It was asked to end while it prepared, and has not.
            if (drain is not null)
                _log.Stopped(_generation.Number, drain);
        }

        await EndAsync();
    }

    private async ValueTask EndAsync()
    {
        _heir = _attempt is { Ready: not null } attempt ? attempt.MainPid : null;
        await EnterAsync(HandoverPhase.Exiting);
        _attempt?.Dispose();
    }

    // A trigger that comes in the last moments is for whoever serves now. The channel is closed by then, but a signal arrives.
    private void PassLateTriggersOn()
    {
        _events.Writer.Complete();
        while (_events.Reader.TryRead(out var late))
        {
            if (late is UpgraderEvent.Triggered)
                HangUpOnHeir();
            else if (late is UpgraderEvent.RehearsalAsked { Rehearsal: var rehearsal })
                rehearsal.Refuse(Refusal!);
        }
    }

    private void HangUpOnHeir()
    {
        if (_heir is not { } pid)
            return;
        using var process = Pidfd.Of(pid);
        process.Hangup();
    }
}
