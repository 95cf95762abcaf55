namespace Baton.Handover.Hosting;

/// <summary>What this generation does right now, for whoever shows it.</summary>
public sealed class HandoverStatus
{
    private readonly Upgrader _upgrader;
    private readonly WorkSurvey _survey;
    private readonly ListenerProbe _probe;

    internal HandoverStatus(Upgrader upgrader, WorkSurvey survey, ListenerProbe probe)
    {
        _upgrader = upgrader;
        _survey = survey;
        _probe = probe;
    }

    /// <summary>What it is doing.</summary>
    public HandoverPhase Phase => _upgrader.Phase;

    /// <summary>Whether it answers for the service: its predecessor, if it had one, can no longer resume.</summary>
    public bool IsMain => _upgrader.IsMain;

    /// <summary>The process id of its successor, from its launch on; null while there is none.</summary>
    public int? SuccessorPid => _upgrader.SuccessorPid;

    /// <summary>Whether its successor has loaded everything and runs its <see cref="IPreparation"/>s; a build that does not say so is ready at once.</summary>
    public bool IsSuccessorWarmingUp => _upgrader.IsSuccessorWarmingUp;

    /// <summary>Whether an upgrade is only rehearsed: the successor will end without taking over.</summary>
    public bool IsRehearsing => _upgrader.IsRehearsing;

    /// <summary>What it has accepted or adopted and not finished, on its listeners that are not private.</summary>
    public DrainProgress Open => _survey.Progress;

    /// <summary>What its predecessor still had to finish when it last said so; null if it never did, or is gone.</summary>
    public DrainProgress? PredecessorOpen => _upgrader.PredecessorOpen;

    /// <summary>
    /// The processes of the application, oldest first: those before this one that still drain, as far as they have said so; this
    /// one; and the successor from its launch on.
    /// </summary>
    public IReadOnlyList<GenerationProgress> Generations => [.. _upgrader.Predecessors, _upgrader.Own, .. _upgrader.Successor is { } successor ? [successor] : Array.Empty<GenerationProgress>()];

    /// <summary>Asks on each listener, as a client would, until somebody answers there.</summary>
    /// <param name="deadline">Ends the asking.</param>
    /// <returns>What went wrong on those where nobody did.</returns>
    public Task<IReadOnlyList<string>> AskListenersAsync(CancellationToken deadline) => _probe.RunAsync([], deadline);
}
