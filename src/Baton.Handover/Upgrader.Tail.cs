using Baton.Handover.Processes;

namespace Baton.Handover;

/// <summary>
/// What is still learnt after the takeover: by a predecessor that drains, told to its successor, and by a successor on
/// probation, told to the predecessor that may have to go on without it.
/// </summary>
public sealed partial class Upgrader
{
    // About once a second each. Builds that know nothing of it take these messages for what they were before.
    private const int ProgressPerState = 4;
    private const int AnswersPerState = 5;

    // A generation that is done, but whose predecessor is not, stays to pass on what that learns: only it is told. Not for
    // long, since a process that does nothing costs memory.
    private static readonly TimeSpan TailPatience = TimeSpan.FromSeconds(10);

    // As UpgradeAttempt.Telling, in the other direction.
    private readonly SemaphoreSlim _tellingPredecessor = new(1);

    private bool _predecessorIsGone;

    /// <summary>
    /// Tells the predecessor what this generation has done so far, if that may still resume; otherwise nothing. What is told here
    /// before it is shown to anybody is not taken back by a rollback.
    /// </summary>
    /// <param name="cancellation">Ends the wait for a predecessor that does not read.</param>
    public async ValueTask TellPredecessorAsync(CancellationToken cancellation)
    {
        if (_predecessorMayResume && _hasTakenOver && _generation.Predecessor is { } predecessor)
            await TellAnswersAsync(predecessor, withState: true, cancellation);
    }

    private async Task<bool> TellAnswersAsync(IPredecessor predecessor, bool withState, CancellationToken cancellation = default) =>
        await TellAsync(
            _tellingPredecessor,
            () => withState && _predecessorMayResume ? SaveState(StateMoment.Probation, out _) : null,
            fds => predecessor.SendAsync(new ChannelMessage(ChannelMessage.Answers) { Figures = _serving.Figures }, fds, cancellation),
            cancellation);

    private async Task TellProgressAsync(UpgradeAttempt attempt, bool withState) =>
        await TellAsync(
            attempt.Telling,
            () => withState ? SaveState(StateMoment.Drain, out _) : null,
            fds => attempt.Successor.SendAsync(ProgressTo(attempt), fds, attempt.Ended),
            attempt.Ended);

    private ChannelMessage ProgressTo(UpgradeAttempt attempt) => attempt.IsReported
        ? new ChannelMessage(ChannelMessage.Progress) { Generations = Predecessors }
        : new ChannelMessage(ChannelMessage.Progress) { Open = _serving.Open, Generations = [.. Predecessors, Own] };

    // Where the message is read: all that was told is known before the end of whoever told it.
    private void LoadTold(ChannelMessage message)
    {
        if (message.Kind == ChannelMessage.Answers && message.Descriptors is [var file, ..])
            _state.Load(StateFile.Read(file), StateMoment.Probation);
    }

    private bool WaitsForTail(UpgradeAttempt attempt)
    {
        if (_generation.Predecessor is null || _predecessorIsGone || Phase != HandoverPhase.Draining)
            return false;
        PostAfter(TailPatience, new UpgraderEvent.TailOverdue(attempt));
        Follow(async () =>
        {
            await _serving.PassOnAsync(_options.DrainTimeout, attempt.Passage, attempt.TailOver, attempt.Resumed);
            return new UpgraderEvent.TailDrained(attempt);
        });
        return true;
    }

    // Its predecessor is gone, its patience is over, or it was asked to end.
    private ValueTask EndTailAsync()
    {
        if (_attempt is { IsReported: true } attempt && Phase != HandoverPhase.Exiting)
            attempt.EndTail();
        return ValueTask.CompletedTask;
    }

    private async ValueTask OnTailDrainedAsync(UpgradeAttempt attempt)
    {
        await SendWithStateAsync(attempt, new ChannelMessage(ChannelMessage.Progress), StateMoment.Drain);
        await EndAsync();
    }
}
