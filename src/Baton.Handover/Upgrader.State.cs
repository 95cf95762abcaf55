using Baton.Handover.Native;
using Baton.Handover.Processes;

namespace Baton.Handover;

/// <summary>What one generation knows and the next should: saved for a successor, loaded from the predecessor.</summary>
public sealed partial class Upgrader
{
    /// <summary>A file with what this generation knows; null, and the reason, if there is no room for it.</summary>
    private DescriptorHandle? SaveState(StateMoment moment, out string? problem)
    {
        try
        {
            problem = null;
            return StateFile.Write(_state.Save(moment));
        }
        catch (HandoverException e)
        {
            problem = e.Message;
            return null;
        }
    }

    // What comes first in time: a successor's state is never a reason not to launch it.
    private ISuccessor LaunchWithState(int number)
    {
        using var state = SaveState(StateMoment.Launch, out var problem);
        _generation.Priority?.EnsureRestored();
        using var givesWay = LongSlice.OfThisThread(); // To those that serve; and so will the successor, from its first moment on.
        var successor = _launcher.Launch(number, state, isRehearsal: _rehearsal is not null);
        if (problem is not null)
            _log.StateNotPassed(successor.Pid, problem);
        return successor;
    }

    private async ValueTask<bool> SendWithStateAsync(UpgradeAttempt attempt, ChannelMessage message, StateMoment moment)
    {
        return await TellAsync(attempt.Telling, Save, fds => attempt.Successor.SendAsync(message, fds, CancellationToken.None), CancellationToken.None);

        DescriptorHandle? Save()
        {
            var state = SaveState(moment, out var problem);
            if (problem is not null)
                _log.StateNotPassed(attempt.MainPid, problem);
            return state;
        }
    }

    // In the order in which it was saved: what arrives last must be the latest.
    private static async ValueTask<bool> TellAsync(SemaphoreSlim turn, Func<DescriptorHandle?> save, Func<ReadOnlyMemory<int>, ValueTask<bool>> send, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            using var state = save();
            return await send(state is null ? default : new[] { state.Fd });
        }
        finally
        {
            turn.Release();
        }
    }

    // Where the message is read, not in the loop's turn: connections that follow it must find the state loaded.
    private void LoadState(ChannelMessage message)
    {
        StateMoment? moment = message.Kind switch
        {
            ChannelMessage.TakeOver => StateMoment.TakeOver,
            ChannelMessage.Final => StateMoment.End,
            ChannelMessage.Progress => StateMoment.Drain,
            _ => null,
        };
        if (moment is { } known && message.Descriptors is [var file, ..])
            _state.Load(StateFile.Read(file), known);
    }
}
