#pragma warning disable RS0030 // The one door to signals.
using System.Runtime.InteropServices;

namespace Baton.Handover.Processes;

/// <summary>What a process does on signals, in place of their default actions.</summary>
internal sealed class SignalHandlers : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <param name="signal">Its number.</param>
    /// <param name="action">Runs on a thread of the pool.</param>
    public void On(int signal, Action action) =>
        _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
        {
            context.Cancel = true; // Not the default action, which would end or stop the process.
            action();
        }));

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }
}
