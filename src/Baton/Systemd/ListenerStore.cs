using Baton.Admin;
using Baton.Handover;

namespace Baton.Systemd;

/// <summary>
/// Keeps the listeners of the service in systemd's fd store, so that they outlive the process, even one that is killed: what
/// connects meanwhile waits in their queues for the one that is started next.
/// </summary>
/// <param name="systemd">Who keeps them.</param>
/// <param name="generation">Whose they are.</param>
/// <param name="stale">Names of listeners in the store that this process could not use: nobody can connect to them any more.</param>
/// <param name="admin">Not kept: whoever asks there can ask again.</param>
internal sealed class ListenerStore(SystemdNotifier systemd, Generation generation, IReadOnlyList<string> stale, AdminListeners admin) : IHandoverObserver
{
    private bool _isTidy;

    public async ValueTask OnPhaseAsync(HandoverNotice notice)
    {
        // Only of the main process does systemd take descriptors. Those that it has already it passes over.
        if (notice is not { Phase: HandoverPhase.Serving, IsMain: true })
            return;
        if (!_isTidy)
        {
            foreach (var name in stale)
                await RemoveAsync(name);
            _isTidy = true;
        }

        var open = generation.OpenListeners.Where(listener => !admin.Addresses.Contains(listener.Address)).ToList();
        foreach (var listener in open)
        {
            if (StoredName.Of(listener.Address) is { } name)
                await systemd.SendWithAsync(listener.Descriptor, "FDSTORE=1", $"FDNAME={name}");
        }

        // Nobody would accept there any more, and clients would wait instead of being refused.
        foreach (var address in generation.ReleasedListeners.Except(open.Select(listener => listener.Address)))
        {
            if (StoredName.Of(address) is { } name)
                await RemoveAsync(name);
        }
    }

    private ValueTask RemoveAsync(string name) => systemd.SendAsync("FDSTOREREMOVE=1", $"FDNAME={name}");
}
