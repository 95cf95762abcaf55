using Baton.Handover.Sockets;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>What an upgrade pauses, resumes and drains, over Kestrel's listeners and connections.</summary>
internal sealed class KestrelServing(HandoverListenerFactory factory, Drainer drainer) : IServing
{
    public void Accept()
    {
        foreach (var listener in factory.Listeners)
            listener.Accept();
    }

    public void Pause(IReadOnlyCollection<ListenSocket> except)
    {
        foreach (var listener in factory.Listeners.Where(listener => !except.Contains(listener.Listener)))
            listener.Pause();
    }

    public void Release(IReadOnlyCollection<ListenSocket> listeners)
    {
        foreach (var listener in factory.Listeners.Where(listener => listeners.Contains(listener.Listener)))
            listener.Release();
    }

    public Task<DrainReport> DrainAsync(TimeSpan timeout, CancellationToken resumed) =>
        drainer.RunAsync(timeout, () => factory.Listeners.Any(listener => listener.IsAccepting), resumed);
}
