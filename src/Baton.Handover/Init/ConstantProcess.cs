using Baton.Handover.Native;
using Baton.Handover.Processes;

namespace Baton.Handover.Init;

/// <summary>
/// The small process that stays in front while generations come and go: a container, a terminal or a supervisor goes on seeing
/// the process that it has started. It starts generation 1 with its own command, forwards signals, reaps orphans, and exits when
/// no generation is left, with the status of the last one. It restarts nothing, and it must not load more than it needs.
/// </summary>
public static class ConstantProcess
{
    /// <summary>Whether a constant process or a predecessor has started this process, so that it must serve itself.</summary>
    public static bool IsGeneration => InheritedEnvironment.IsOfGeneration;

    /// <summary>
    /// Whether one is needed: as PID 1, with which a container ends (pid_namespaces(7)), or at a terminal, whose shell waits for
    /// the process that it has started.
    /// </summary>
    public static bool IsNeeded => Environment.ProcessId == 1 || Terminal.Find() is not null;

    /// <summary>Runs until no generation is left.</summary>
    /// <param name="given">
    /// How many descriptors, from 3 on, whoever started this process has given it for generation 1, such as listening sockets
    /// (sd_listen_fds(3)). Default: none.
    /// </param>
    /// <returns>The exit code: that of the last generation; 128 + n if signal n has ended it.</returns>
    /// <exception cref="HandoverException">Generation 1 cannot be started.</exception>
    public static int Run(int given = 0)
    {
        using var signals = new ForwardedSignals(Terminal.Find());
        ChildProcess.AdoptOrphans(); // The generations after the first are nobody else's children.
        using var generations = Generations.Start(LaunchCommand.OfThisProcess(), given);
        var reaper = Reaper.Start();
        signals.To(generations);
        generations.Follow();
        return reaper.ExitCodeOf(generations.Main);
    }
}
