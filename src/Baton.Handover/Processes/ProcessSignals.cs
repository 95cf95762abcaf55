#pragma warning disable RS0030 // The one place that ends the process at once.
using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>
/// The signals of a generation: SIGHUP asks for an upgrade; SIGTERM, SIGINT and SIGQUIT ask it to end, a second one of them
/// ends it at once; SIGUSR1 asks it to open its log files anew. What arrives before somebody listens is remembered, except the
/// last: files that were not open yet need not be opened anew.
/// </summary>
internal sealed class ProcessSignals : IDisposable
{
    private static readonly int[] Handled = [SignalSet.SIGHUP, SignalSet.SIGTERM, SignalSet.SIGINT, SignalSet.SIGQUIT, SignalSet.SIGUSR1];

    private readonly Lock _lock = new();
    private readonly SignalHandlers _handlers = new();
    private readonly CancellationTokenSource _stopRequested = new();
    private Action? _onUpgrade;
    private Action<string>? _onStop;
    private bool _upgradeRemembered;
    private string? _stopRemembered;

    /// <summary>Cancelled by the first signal that asks the process to end.</summary>
    public CancellationToken StopRequested => _stopRequested.Token;

    /// <summary>Whether a second SIGTERM ends the process at once, as a second SIGINT does. Default: true.</summary>
    public bool RepeatedTermEnds { get; set; } = true;

    /// <summary>Called on SIGUSR1.</summary>
    public Action? Reopening { get; set; }

    /// <summary>Installs the handlers; a signal that has been waiting, blocked since the launch, is delivered by it.</summary>
    public static ProcessSignals Install()
    {
        var signals = new ProcessSignals();
        SignalSet.RestoreIgnored(Handled);
        signals._handlers.On(SignalSet.SIGHUP, signals.Upgrade);
        signals._handlers.On(SignalSet.SIGTERM, () => signals.Stop("SIGTERM", SignalSet.SIGTERM));
        signals._handlers.On(SignalSet.SIGINT, () => signals.Stop("SIGINT", SignalSet.SIGINT));
        signals._handlers.On(SignalSet.SIGQUIT, () => signals.Stop("SIGQUIT", SignalSet.SIGQUIT));
        signals._handlers.On(SignalSet.SIGUSR1, () => signals.Reopening?.Invoke());
        SignalSet.Unblock(Handled);
        return signals;
    }

    /// <summary>Says who is to be told from now on, and tells it what has been remembered.</summary>
    public void Subscribe(Action onUpgrade, Action<string> onStop)
    {
        lock (_lock)
        {
            (_onUpgrade, _onStop) = (onUpgrade, onStop);
            if (_upgradeRemembered)
                onUpgrade();
            if (_stopRemembered is not null)
                onStop(_stopRemembered);
        }
    }

    public void Dispose()
    {
        _handlers.Dispose();
        _stopRequested.Dispose();
    }

    private void Upgrade()
    {
        lock (_lock)
        {
            _upgradeRemembered = _onUpgrade is null;
            _onUpgrade?.Invoke();
        }
    }

    private void Stop(string name, int number)
    {
        lock (_lock)
        {
            if (_stopRemembered is not null)
            {
                if (RepeatedTermEnds || number != SignalSet.SIGTERM)
                    Environment.Exit(128 + number); // As a shell reports a process that the signal ended.
                return;
            }

            _stopRemembered = name;
            _onStop?.Invoke(name);
        }

        _stopRequested.Cancel();
    }
}
