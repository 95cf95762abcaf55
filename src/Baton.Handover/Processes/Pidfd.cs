using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>Another process that is not a child of this one, told apart from a later one with the same pid.</summary>
internal sealed class Pidfd : IDisposable
{
    private readonly DescriptorHandle? _handle;

    private Pidfd(DescriptorHandle? handle) => _handle = handle;

    /// <summary>Watches the process; one that is gone already counts as exited.</summary>
    public static Pidfd Of(int pid) => new(PidfdCalls.Open(pid));

    /// <summary>Asks it for an upgrade (SIGHUP); false if it is gone.</summary>
    public bool Hangup() => Send(SignalSet.SIGHUP);

    public void Terminate() => Send(SignalSet.SIGTERM);

    public void Kill() => Send(SignalSet.SIGKILL);

    /// <summary>Blocks until the process has exited; false after <paramref name="timeout"/>.</summary>
    public bool WaitForExit(TimeSpan timeout) => _handle is null || PidfdCalls.HasExited(_handle, timeout);

    public void Dispose() => _handle?.Dispose();

    private bool Send(int signal) => _handle is not null && PidfdCalls.Send(_handle, signal);
}
