using Baton.Handover.Processes;

namespace Baton.Handover.Hosting;

/// <summary>Lets go of what only the start of a generation needed, when it has served by itself for a while.</summary>
internal sealed class SettledMemory(TimeProvider clock) : IHandoverObserver
{
    private ITimer? _settled;

    public ValueTask OnPhaseAsync(HandoverNotice notice)
    {
        if (notice is { IsMain: true, Phase: HandoverPhase.Serving })
            _settled ??= clock.CreateTimer(_ => ResidentMemory.Trim(), null, ResidentMemory.UntilSettled, Timeout.InfiniteTimeSpan);
        return ValueTask.CompletedTask;
    }
}
