using Baton.Handover.Processes;

namespace Baton.Handover;

/// <summary>What generations tell one another, and whoever asks, of what they still do.</summary>
public sealed partial class Upgrader
{
    // As often as somebody who watches an upgrade wants to know.
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    // Of upgrades in quick succession; each tells of itself and of those that it knows.
    private const int MostPredecessors = 8;

    /// <summary>What the predecessor still had to finish when it last said so; null once it is gone.</summary>
    internal DrainProgress? PredecessorOpen { get; private set; }

    /// <summary>Those before this one that still drain, oldest first, as the predecessor last said; empty once it is gone.</summary>
    internal IReadOnlyList<GenerationProgress> Predecessors { get; private set; } = [];

    /// <summary>What this generation does.</summary>
    internal GenerationProgress Own => new(_generation.Number, _generation.Pid, Phase)
    {
        Version = _generation.Version,
        StartedAt = _generation.StartedAt,
        Open = _serving.Work,
        WaitsFor = Phase is HandoverPhase.Probation or HandoverPhase.Draining or HandoverPhase.Stopping ? _serving.Pending : [],
    };

    /// <summary>The process that it has launched, as far as this one knows it; null while there is none.</summary>
    internal GenerationProgress? Successor => _attempt is not { } attempt
        ? null
        : new(attempt.Number, attempt.MainPid, attempt.Ready is null ? HandoverPhase.Preparing : HandoverPhase.Serving) { Version = attempt.Ready?.Build };

    private void Learn(ChannelMessage progress)
    {
        PredecessorOpen = progress.Open;
        Predecessors = [.. (progress.Generations ?? []).TakeLast(MostPredecessors)];
    }

    private void ForgetPredecessors()
    {
        PredecessorOpen = null;
        Predecessors = [];
    }

    // Who asks how the upgrade goes is answered by the successor, since this generation accepts no more.
    private void TellProgress(UpgradeAttempt attempt) =>
        Follow(async () =>
        {
            var turn = 0;
            do
                await TellProgressAsync(attempt, withState: turn++ % ProgressPerState == 0);
            while (await _clock.PauseAsync(ProgressInterval, attempt.Ended));
            throw new OperationCanceledException(attempt.Ended);
        });
}
