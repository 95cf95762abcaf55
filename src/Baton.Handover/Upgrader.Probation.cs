using Baton.Handover.Processes;

namespace Baton.Handover;

/// <summary>This generation watches its successor on probation, and takes its place again if it does worse.</summary>
public sealed partial class Upgrader
{
    // A successor that was just started may be slow; one that has not answered by then does not.
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(5);

    // Right after the takeover both generations have their hands full. One that does not answer is rolled back when the patience
    // ends, however early it was asked.
    private static readonly TimeSpan LongestUntilProbe = TimeSpan.FromSeconds(1);

    // Beyond the drain's own deadline, for a successor that was told to go.
    private static readonly TimeSpan RetiredPatience = TimeSpan.FromSeconds(5);

    private readonly HashSet<UpgradeAttempt> _retired = [];

    private TimeSpan UntilProbe => new(Math.Min(LongestUntilProbe.Ticks, _options.Probation.Ticks / 2));

    private void BeginProbation(UpgradeAttempt attempt)
    {
        PostAfter(_options.Probation, new UpgraderEvent.ProbationOver(attempt));
        if (_options.Probation == TimeSpan.Zero)
            return;
        var settled = Task.Delay(UntilProbe, _clock);
        Follow(async () =>
        {
            using var deadline = new CancellationTokenSource(_options.Probation + ProbePatience, _clock);
            using var deadlineOrEnd = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, attempt.Resumed);
            await settled;
            return new UpgraderEvent.Probed(attempt, await _serving.ProbeAsync(attempt.Released, deadlineOrEnd.Token));
        });
    }

    private async ValueTask OnProbedAsync(UpgradeAttempt attempt, IReadOnlyList<string> failures)
    {
        attempt.IsProbed = true;
        if (Phase != HandoverPhase.Probation)
            return;
        if (failures.Count > 0)
            await RollBackAsync(attempt, failures);
        else if (attempt.HasServedItsTime)
            await EndProbationAsync(attempt);
    }

    private async ValueTask OnProbationOverAsync(UpgradeAttempt attempt)
    {
        attempt.HasServedItsTime = true;
        if (attempt.IsProbed || _options.Probation == TimeSpan.Zero)
            await EndProbationAsync(attempt);
    }

    private async ValueTask JudgeAsync(UpgradeAttempt attempt)
    {
        if (Phase == HandoverPhase.Probation && ProbationVerdict.Against(attempt.Before!, attempt.After!, _options.FailureMargin) is { Count: > 0 } reasons)
            await RollBackAsync(attempt, reasons);
    }

    // It lives, so it is asked to finish what it has begun, and is killed only if it does not end by itself.
    private async ValueTask RollBackAsync(UpgradeAttempt attempt, IReadOnlyList<string> reasons)
    {
        _retired.Add(attempt);
        attempt.Resume();
        attempt.Successor.Terminate();
        PostAfter(_options.DrainTimeout + RetiredPatience, new UpgraderEvent.RetiredOverdue(attempt));
        await ResumeAsync(attempt, UpgradeOutcome.RolledBack, reasons);
    }

    private ValueTask OnRetiredGoneAsync(UpgradeAttempt attempt)
    {
        if (_retired.Remove(attempt))
            attempt.Dispose();
        return ValueTask.CompletedTask;
    }

    private ValueTask OnRetiredOverdueAsync(UpgradeAttempt attempt)
    {
        if (_retired.Contains(attempt))
            attempt.Successor.Kill();
        return ValueTask.CompletedTask;
    }

    private async ValueTask EndProbationAsync(UpgradeAttempt attempt)
    {
        if (Phase != HandoverPhase.Probation)
            return;
        _serving.Release(attempt.Released);
        await EnterAsync(HandoverPhase.Draining);
        await attempt.Successor.SendAsync(new ChannelMessage(ChannelMessage.Proven), default, CancellationToken.None);
        if (attempt.Drain is { } drained)
            await ExitAsync(drained);
    }
}
