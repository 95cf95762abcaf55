using Baton.Handover.Processes;

namespace Baton.Handover;

/// <summary>This generation towards its successor: launching it, handing over to it, and resuming if it dies.</summary>
public sealed partial class Upgrader
{
    private async ValueTask RunPendingTriggerAsync()
    {
        if (_pendingTrigger && Phase == HandoverPhase.Serving && !_predecessorMayResume)
            await LaunchAsync();
    }

    private async ValueTask LaunchAsync()
    {
        _pendingTrigger = false;
        var launchedAt = _clock.GetTimestamp();
        await EnterAsync(HandoverPhase.Launching);
        try
        {
            var attempt = _attempt = new UpgradeAttempt(LaunchWithState(_nextNumber), _nextNumber, launchedAt);
            _log.Launched(_nextNumber, attempt.Successor.Pid);
            Follow(() => WaitForReadyAsync(attempt, fate: IsRehearsing ? "told to end" : "killed"));
        }
        catch (HandoverException e)
        {
            await ServeOnAsync(new UpgradeReport(_generation.Number, _generation.Pid, _generation.Version, _nextNumber, UpgradeOutcome.Failed)
            {
                Reasons = e.Reasons,
                Duration = _clock.GetElapsedTime(launchedAt),
                EndedAt = _clock.GetUtcNow(),
            });
        }
    }

    private async Task<UpgraderEvent> WaitForReadyAsync(UpgradeAttempt attempt, string fate)
    {
        using var deadline = new CancellationTokenSource(_options.ReadyTimeout, _clock);
        using var deadlineOrEnd = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, attempt.Ended);
        try
        {
            var message = await attempt.Successor.ReadReadyAsync(deadlineOrEnd.Token);
            return message.Failed is { } reasons
                ? new UpgraderEvent.SuccessorFailed(attempt, reasons)
                : new UpgraderEvent.SuccessorReady(attempt, message);
        }
        catch (HandoverException e)
        {
            return new UpgraderEvent.SuccessorFailed(attempt, e.Reasons);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new UpgraderEvent.SuccessorFailed(attempt,
                [$"The successor (pid {attempt.Successor.Pid}) was not ready after {_options.ReadyTimeout.TotalSeconds:0.###} s and was {fate}. If it only needs longer, raise Baton:ReadyTimeout."]);
        }
    }

    private async ValueTask OnSuccessorFailedAsync(UpgradeAttempt attempt, IReadOnlyList<string> reasons)
    {
        if (IsRehearsing)
        {
            EndRehearsed(attempt, Report(attempt, UpgradeOutcome.Failed) with { Reasons = reasons });
            return;
        }

        attempt.Successor.Kill();
        if (Phase != HandoverPhase.Launching)
            return;
        attempt.Dispose();
        await ServeOnAsync(Report(attempt, UpgradeOutcome.Failed) with { Reasons = reasons });
    }

    private async ValueTask OnSuccessorReadyAsync(UpgradeAttempt attempt, ReadyMessage message)
    {
        attempt.ReadyAfter = _clock.GetElapsedTime(attempt.LaunchedAt);
        if (Phase != HandoverPhase.Launching)
            return; // Asked to end meanwhile, and so was the successor.
        if (IsRehearsing)
        {
            EndRehearsed(attempt, Report(attempt, UpgradeOutcome.Rehearsed) with
            {
                ToPid = message.Pid,
                ToVersion = message.Build,
                Rehearsal = attempt.Successor.RehearsedBy(message),
            });
            return;
        }

        attempt.BecomeReady(message);
        attempt.Released = attempt.Successor.ReleasedBy(message);
        attempt.Before = _serving.RecentFigures;
        await TellPredecessorOfLeavingAsync(attempt.MainPid); // From now on it must not resume behind the successor's back.
        _serving.Pause(except: attempt.Released);
        if (!await SendWithStateAsync(attempt, new ChannelMessage(ChannelMessage.TakeOver) { Probation = _options.Probation }, StateMoment.TakeOver))
        {
            await OnSuccessorDeadAsync(attempt, UpgradeOutcome.Failed, "before it took over");
            return;
        }

        BeginProbation(attempt);
        await EnterAsync(HandoverPhase.Probation);
        ListenTo(attempt);
        Drain(attempt);
        TellProgress(attempt);
        if (_pendingTrigger)
            await PassTriggerOnAsync(attempt);
    }

    private async ValueTask PassTriggerOnAsync(UpgradeAttempt attempt)
    {
        _pendingTrigger = false;
        attempt.TriggerPassedOn = true;
        if (!await attempt.Successor.SendAsync(new ChannelMessage(ChannelMessage.Trigger), default, CancellationToken.None)
            && attempt.IsLeaving && attempt.Heir?.Hangup() != true)
            _log.TriggerLost(attempt.MainPid);
    }

    private async ValueTask OnSuccessorSaidAsync(UpgradeAttempt attempt, ChannelMessage message)
    {
        switch (message.Kind)
        {
            case ChannelMessage.Leaving:
                attempt.IsLeaving = true;
                attempt.Heir ??= message.Pid is { } heir ? Pidfd.Of(heir) : null;
                await EndProbationAsync(attempt);
                break;
            case ChannelMessage.Answers when message.Figures is { } figures:
                attempt.After = figures;
                await JudgeAsync(attempt);
                break;
        }
    }

    private async ValueTask OnSuccessorGoneAsync(UpgradeAttempt attempt)
    {
        if (!attempt.IsLeaving && Phase is HandoverPhase.Probation or HandoverPhase.Draining)
            await OnSuccessorDeadAsync(attempt, UpgradeOutcome.RolledBack, "after it took over");
    }

    private async ValueTask OnSuccessorDeadAsync(UpgradeAttempt attempt, UpgradeOutcome outcome, string when)
    {
        attempt.Successor.Kill(); // It may only have closed the channel; two main processes must not be.
        attempt.Dispose();
        await ResumeAsync(attempt, outcome, [$"The successor (pid {attempt.MainPid}) died {when}. Its own output, if any, is in the log or journal above this line."]);
    }

    private async ValueTask ResumeAsync(UpgradeAttempt attempt, UpgradeOutcome outcome, IReadOnlyList<string> reasons)
    {
        _state.Resuming();
        _serving.Accept();
        _pendingTrigger |= attempt.TriggerPassedOn;
        if (outcome == UpgradeOutcome.RolledBack)
            _nextNumber++; // It has served under its number.
        await ServeOnAsync(Report(attempt, outcome) with { Reasons = reasons });
    }

    private async ValueTask ServeOnAsync(UpgradeReport report)
    {
        _attempt = null;
        if (IsRehearsing)
        {
            await FinishRehearsalAsync(report);
        }
        else
        {
            _log.NotUpgraded(report);
            await EnterAsync(HandoverPhase.Serving, report);
        }

        await RunPendingTriggerAsync();
    }

    private UpgradeReport Report(UpgradeAttempt attempt, UpgradeOutcome outcome) =>
        new(_generation.Number, _generation.Pid, _generation.Version, attempt.Number, outcome)
        {
            ToPid = attempt.MainPid,
            ToVersion = attempt.Ready?.Build,
            ReadyAfter = attempt.ReadyAfter,
            Duration = _clock.GetElapsedTime(attempt.LaunchedAt),
            EndedAt = _clock.GetUtcNow(),
            Before = attempt.Before,
            After = attempt.After,
        };

    private void ListenTo(UpgradeAttempt attempt) =>
        Follow(async () =>
        {
            while (await attempt.Successor.ReceiveAsync(attempt.Ended) is { } message)
            {
                LoadTold(message);
                message.Drop(); // Nothing else is passed in this direction.
                if (!attempt.Passage!.TryAnswer(message))
                    Post(new UpgraderEvent.SuccessorSaid(attempt, message));
            }

            attempt.Passage!.Close();
            return new UpgraderEvent.SuccessorGone(attempt);
        });
}
