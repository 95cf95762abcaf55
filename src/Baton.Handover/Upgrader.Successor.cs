using Baton.Handover.Processes;

namespace Baton.Handover;

/// <summary>This generation towards its predecessor: taking over, and being on probation.</summary>
public sealed partial class Upgrader
{
    // Often enough to judge a probation of a second.
    private static readonly TimeSpan AnswersInterval = TimeSpan.FromMilliseconds(200);

    private async ValueTask OnPreparedAsync()
    {
        if (Phase != HandoverPhase.Preparing)
            return; // Asked to end meanwhile.
        _generation.SayReady();
        if (_generation.Predecessor is not { } predecessor)
        {
            await TakeOverAsync();
            return;
        }

        ListenTo(predecessor);
        if (_generation.IsRehearsal)
            return; // It waits to be told to end, for as long as that may take.
        PostAfter(PredecessorPatience, new UpgraderEvent.TakeOverOverdue());
    }

    private async ValueTask OnPredecessorSaidAsync(ChannelMessage message)
    {
        if (_generation.IsRehearsal)
            return;
        switch (message.Kind)
        {
            case ChannelMessage.TakeOver:
                await TakeOverAsync();
                PostAfter((message.Probation ?? _options.Probation) + PredecessorPatience, new UpgraderEvent.ProofOverdue());
                break;
            case ChannelMessage.Trigger:
                await OnTriggeredAsync("the predecessor");
                break;
            case ChannelMessage.Proven:
                await BecomeMainAsync();
                break;
            case ChannelMessage.Progress:
                Learn(message);
                break;
            case ChannelMessage.Final when message.Report is { } report:
                ForgetPredecessors();
                await EnterAsync(Phase, report);
                break;
        }
    }

    private async ValueTask OnPredecessorGoneAsync()
    {
        ForgetPredecessors();
        _predecessorIsGone = true;
        if (_generation.IsRehearsal)
        {
            await EndWithPredecessorAsync();
            return;
        }

        await TakeOverAsync();
        if (_predecessorMayResume)
            _log.PredecessorDied(_generation.Predecessor!.Pid);
        await BecomeMainAsync();
        await EndTailAsync();
    }

    private async ValueTask OnTakeOverOverdueAsync()
    {
        if (_hasTakenOver)
            return;
        _log.PredecessorSilent(_generation.Predecessor!.Pid, PredecessorPatience.TotalSeconds);
        await TakeOverAsync();
        PostAfter(_options.Probation + PredecessorPatience, new UpgraderEvent.ProofOverdue());
    }

    private async ValueTask TakeOverAsync()
    {
        if (_hasTakenOver || Phase != HandoverPhase.Preparing)
            return;
        _hasTakenOver = true;
        _generation.Priority?.Restore();
        _serving.Accept();
        _log.Ready(_generation.Number, _generation.Pid, _generation.Version);
        await EnterAsync(HandoverPhase.Serving);
        if (_generation.Predecessor is { } predecessor)
            TellAnswersTo(predecessor);
        if (!_predecessorMayResume)
            await RunPendingTriggerAsync();
    }

    // As long as it lives: it judges by them, and puts the last into its report.
    private void TellAnswersTo(IPredecessor predecessor) =>
        _ = Task.Run(async () =>
        {
            for (var turn = 0; await TellAnswersAsync(predecessor, withState: turn % AnswersPerState == 0); turn++)
                await Task.Delay(AnswersInterval, _clock);
        });

    private async ValueTask BecomeMainAsync()
    {
        if (!_predecessorMayResume)
            return;
        _predecessorMayResume = false;
        await EnterAsync(Phase);
        await RunPendingTriggerAsync();
    }

    private async ValueTask TellPredecessorOfLeavingAsync(int? heir)
    {
        if (_generation.Predecessor is { } predecessor)
            await predecessor.SendAsync(new ChannelMessage(ChannelMessage.Leaving) { Pid = heir }, default, CancellationToken.None);
    }

    private void ListenTo(IPredecessor predecessor) =>
        Follow(async () =>
        {
            while (await predecessor.ReceiveAsync(CancellationToken.None) is { } message)
            {
                if (message.Kind is ChannelMessage.Connections or ChannelMessage.Tunnel)
                {
                    await AdoptAsync(predecessor, message);
                    continue;
                }

                LoadState(message);
                message.Drop();
                Post(new UpgraderEvent.PredecessorSaid(message));
            }

            return new UpgraderEvent.PredecessorGone();
        });

    // Not in the loop's turn: an upgrade's next step has no say in it, and ten thousand connections should not wait for one.
    private async Task AdoptAsync(IPredecessor predecessor, ChannelMessage message)
    {
        IAdoption? adoption = null;
        try
        {
            adoption = _serving.Adopt(message);
        }
        catch (Exception e)
        {
            _log.StepFailed(e, Phase);
            message.Drop();
        }

        var refused = adoption?.Refused ?? [.. Enumerable.Range(0, Math.Max(1, message.Passed?.Count ?? 0))];
        if (await predecessor.SendAsync(new ChannelMessage(ChannelMessage.Adopted) { Number = message.Number, Refused = refused }, default, CancellationToken.None))
            adoption?.Begin();
        else
            adoption?.Drop();
    }
}
