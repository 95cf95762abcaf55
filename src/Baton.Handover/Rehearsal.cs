namespace Baton.Handover;

/// <summary>An upgrade that somebody wants rehearsed, and the answer to it.</summary>
/// <param name="Origin">Who asks, for the log.</param>
internal sealed record Rehearsal(string Origin)
{
    private readonly TaskCompletionSource<UpgradeReport> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<UpgradeReport> Answer => _answer.Task;

    /// <summary>What will be answered when the successor is gone; null until it is told to end.</summary>
    public UpgradeReport? Report { get; set; }

    /// <summary>The successor serves: it is of a build that knows no rehearsals, and was told to end too late.</summary>
    public bool HasServed { get; set; }

    /// <summary>It has been given the time to finish what it has accepted.</summary>
    public bool MayFinish { get; set; }

    public void Finish(UpgradeReport report) => _answer.TrySetResult(report);

    public void Refuse(string reason) => _answer.TrySetException(new HandoverException(reason));
}
