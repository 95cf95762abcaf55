using Baton.Handover.Native;
using Baton.Handover.Processes;

namespace Baton.Handover.Init;

/// <summary>Hands the signals that a constant process gets to the generations behind it.</summary>
internal sealed class ForwardedSignals : IDisposable
{
    // A stop is meant for those that still drain too, as is a second one, which ends them at once.
    private static readonly int[] ForAll = [SignalSet.SIGTERM, SignalSet.SIGINT, SignalSet.SIGQUIT, SignalSet.SIGUSR1];

    private readonly SignalHandlers _handlers = new();
    private readonly TaskCompletionSource<Generations> _generations = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Terminal? _terminal;
    private bool _isEnding;

    /// <param name="terminal">Where the process was started, if at one.</param>
    public ForwardedSignals(Terminal? terminal)
    {
        _terminal = terminal;
        SignalSet.RestoreIgnored([SignalSet.SIGHUP, .. ForAll]);
        _handlers.On(SignalSet.SIGHUP, Hangup);
        foreach (var signal in ForAll)
        {
            _handlers.On(signal, () =>
            {
                if (signal != SignalSet.SIGUSR1)
                    Volatile.Write(ref _isEnding, true);
                Generations.SignalAll(signal);
            });
        }

        // Job control (Ctrl-Z, fg, bg): this process alone is the shell's job, and the generations stop and go on with it.
        _handlers.On(SignalSet.SIGTSTP, () =>
        {
            Generations.SignalAll(SignalSet.SIGSTOP);
            ChildProcess.Signal(Environment.ProcessId, SignalSet.SIGSTOP);
        });
        _handlers.On(SignalSet.SIGCONT, () => Generations.SignalAll(SignalSet.SIGCONT));
    }

    // A signal that comes before there is one waits.
    private Generations Generations => _generations.Task.Result;

    /// <summary>Says who gets them.</summary>
    public void To(Generations generations) => _generations.SetResult(generations);

    public void Dispose() => _handlers.Dispose();

    // The kernel says with the same signal that a terminal has hung up; nobody has asked for an upgrade then. The shell says so
    // too, so it comes twice; and the second signal that asks the generations to end would end them at once.
    private void Hangup()
    {
        if (_terminal is not { IsGone: true })
            Generations.Hangup();
        else if (!Interlocked.Exchange(ref _isEnding, true))
            Generations.SignalAll(SignalSet.SIGTERM);
    }
}
