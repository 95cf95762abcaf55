using Baton.Handover.Processes;

namespace Baton.Handover;

/// <summary>
/// An upgrade without the takeover: the successor is launched and prepares as ever, says what it would do, and is told to end,
/// whatever came of it. This generation serves all the time.
/// </summary>
public sealed partial class Upgrader
{
    // A successor of a build that knows no rehearsals accepts by itself after PredecessorPatience: killed before that.
    private static readonly TimeSpan RehearsedPatience = TimeSpan.FromSeconds(4);

    // What it said before it exited is there already, and end-of-file behind it, unless a process that it has left holds its end.
    private static readonly TimeSpan LastWordsPatience = TimeSpan.FromMilliseconds(500);

    private Rehearsal? _rehearsal;

    /// <summary>Whether an upgrade is only rehearsed now.</summary>
    internal bool IsRehearsing => _rehearsal is not null;

    /// <summary>
    /// Starts a successor with everything but the takeover, and ends it. A trigger meanwhile is remembered, and runs once
    /// afterwards.
    /// </summary>
    /// <param name="origin">Who asks, for the log: "the admin socket".</param>
    /// <returns>
    /// Completes when the successor is gone: <see cref="UpgradeOutcome.Rehearsed"/>, or <see cref="UpgradeOutcome.Failed"/> with the
    /// reasons for which the upgrade would fail.
    /// </returns>
    /// <exception cref="HandoverException">Refused: this generation does not serve, or an upgrade or a rehearsal is under way.</exception>
    public Task<UpgradeReport> RehearseAsync(string origin)
    {
        var rehearsal = new Rehearsal(origin);
        if (!Post(new UpgraderEvent.RehearsalAsked(rehearsal)))
            rehearsal.Refuse(Refusal!);
        return rehearsal.Answer;
    }

    private async ValueTask OnRehearsalAskedAsync(Rehearsal rehearsal)
    {
        if (Refusal is { } reason)
        {
            rehearsal.Refuse(reason);
            return;
        }

        _log.RehearsalAsked(rehearsal.Origin);
        _rehearsal = rehearsal;
        await LaunchAsync();
    }

    private string? Refusal => Phase switch
    {
        HandoverPhase.Serving when !_predecessorMayResume => null,
        HandoverPhase.Serving => $"Generation {_generation.Number} is on probation: its predecessor (pid {_generation.Predecessor!.Pid}) can still resume. Ask again when the upgrade is over.",
        HandoverPhase.Launching when IsRehearsing => $"An upgrade is being rehearsed (pid {_attempt?.MainPid}). Ask again when that is over.",
        HandoverPhase.Launching => $"An upgrade is under way (pid {_attempt?.MainPid}). Ask again when it is over.",
        HandoverPhase.Preparing => $"Generation {_generation.Number} is not ready yet. Ask again when it serves.",
        _ => $"Generation {_generation.Number} (pid {_generation.Pid}) ends: it is {Phase}. Ask the one that serves.",
    };

    // One that says that it failed ends by itself, and is let: it takes the files of what it has bound with it.
    private void EndRehearsed(UpgradeAttempt attempt, UpgradeReport report)
    {
        if (Phase != HandoverPhase.Launching)
            return; // Asked to end meanwhile, and so was the successor.
        _rehearsal!.Report = report;
        attempt.Successor.Terminate();
        PostAfter(RehearsedPatience, new UpgraderEvent.RehearsedOverdue(attempt));
        FollowToTheEnd(attempt);
    }

    private void FollowToTheEnd(UpgradeAttempt attempt) =>
        Follow(async () =>
        {
            var hearing = HearRehearsedAsync(attempt);
            await attempt.Successor.WaitForExitAsync(attempt.Ended);
            await Task.WhenAny(hearing, Task.Delay(LastWordsPatience, _clock, attempt.Ended));
            return new UpgraderEvent.RehearsedGone(attempt);
        });

    private async Task HearRehearsedAsync(UpgradeAttempt attempt)
    {
        while (await attempt.Successor.ReceiveAsync(attempt.Ended) is { } message)
        {
            message.Drop(); // Nothing is passed in this direction.
            if (message.Kind == ChannelMessage.Trigger)
                Post(new UpgraderEvent.Triggered("the successor that is rehearsed"));
            else if (message.Kind == ChannelMessage.Answers)
                Post(new UpgraderEvent.RehearsedServes(attempt));
        }
    }

    private ValueTask OnRehearsedServesAsync()
    {
        if (_rehearsal is { } rehearsal)
            rehearsal.HasServed = true;
        return ValueTask.CompletedTask;
    }

    // This process stood still for so long that an older build went on without it: what it has accepted is finished.
    private ValueTask OnRehearsedOverdueAsync(UpgradeAttempt attempt)
    {
        if (_rehearsal is { HasServed: true, MayFinish: false } rehearsal)
        {
            rehearsal.MayFinish = true;
            PostAfter(_options.DrainTimeout, new UpgraderEvent.RehearsedOverdue(attempt));
        }
        else
        {
            attempt.Successor.Kill();
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask OnRehearsedGoneAsync(UpgradeAttempt attempt)
    {
        if (Phase != HandoverPhase.Launching)
            return; // This generation ends; what it still holds of it goes with it.
        attempt.Dispose();
        await ServeOnAsync(_rehearsal!.Report! with { Duration = _clock.GetElapsedTime(attempt.LaunchedAt) });
    }

    private async ValueTask FinishRehearsalAsync(UpgradeReport report)
    {
        _log.Rehearsed(report);
        await EnterAsync(HandoverPhase.Serving);
        _rehearsal!.Finish(report);
        _rehearsal = null;
    }

    // At once: whoever waits for the answer is in flight, and the drain would wait for it.
    private void AbandonRehearsal(string origin)
    {
        if (_attempt is not { } attempt || _rehearsal is not { } rehearsal)
            return;
        if (rehearsal.Report is null)
            attempt.Successor.Terminate();
        rehearsal.Finish(Report(attempt, UpgradeOutcome.Failed) with { Reasons = [$"Generation {_generation.Number} was asked to end by {origin} meanwhile."] });
    }

    private async ValueTask TellPredecessorOfTriggerAsync()
    {
        if (_generation.Predecessor is { } predecessor)
            await predecessor.SendAsync(new ChannelMessage(ChannelMessage.Trigger), default, CancellationToken.None);
    }

    // A rehearsal is nobody's heir: what it was to show has not been asked for yet.
    private async ValueTask EndWithPredecessorAsync()
    {
        _log.RehearsedAlone(_generation.Predecessor!.Pid);
        if (Phase == HandoverPhase.Preparing)
            await ExitAsync(null);
    }
}
