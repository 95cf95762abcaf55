#pragma warning disable RS0030 // The one door to signals, and the one place that ends the process at once.
using System.Runtime.InteropServices;
using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>
/// The signals of this process: SIGHUP asks for an upgrade; SIGTERM, SIGINT and SIGQUIT ask it to end, a second one of them
/// ends it at once. What arrives before somebody listens is remembered.
/// </summary>
internal sealed class ProcessSignals : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly CancellationTokenSource _stopRequested = new();
    private Action? _onUpgrade;
    private Action<string>? _onStop;
    private bool _upgradeRemembered;
    private string? _stopRemembered;

    /// <summary>Cancelled by the first signal that asks the process to end.</summary>
    public CancellationToken StopRequested => _stopRequested.Token;

    /// <summary>Installs the handlers; a SIGHUP that has been waiting, blocked since the launch, is delivered by it.</summary>
    public static ProcessSignals Install()
    {
        var signals = new ProcessSignals();
        // Under nohup(1) it is ignored, and .NET leaves an ignored signal alone.
        SignalSet.RestoreDefault(SignalSet.SIGHUP);
        signals.On(PosixSignal.SIGHUP, signals.Upgrade);
        signals.On(PosixSignal.SIGTERM, () => signals.Stop("SIGTERM", SignalSet.SIGTERM));
        signals.On(PosixSignal.SIGINT, () => signals.Stop("SIGINT", SignalSet.SIGINT));
        signals.On(PosixSignal.SIGQUIT, () => signals.Stop("SIGQUIT", SignalSet.SIGQUIT));
        SignalSet.Unblock(SignalSet.SIGHUP);
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
        foreach (var registration in _registrations)
            registration.Dispose();
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
                Environment.Exit(128 + number); // As a shell reports a process that the signal ended.
            _stopRemembered = name;
            _onStop?.Invoke(name);
        }

        _stopRequested.Cancel();
    }

    private void On(PosixSignal signal, Action action) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true; // Not the default action, which would end the process.
            action();
        }));
}
