using Baton.Configuration;
using Baton.Handover;
using Baton.Handover.Sockets;

namespace Baton.Systemd;

/// <summary>
/// Gives the sockets that systemd has bound to the endpoints of the configuration: one from the fd store by its address, one of
/// a socket unit by its address too, or else by its name, which is then an endpoint's (FileDescriptorName=, systemd.socket(5)).
/// </summary>
internal static class SocketActivation
{
    /// <returns>Complaints about sockets that no endpoint uses, and the names of those that the fd store keeps in vain.</returns>
    public static (IReadOnlyList<string> Complaints, IReadOnlyList<string> Stale) Adopt(Generation generation, GivenSockets given, EndpointList endpoints)
    {
        var complaints = new List<string>();
        var stale = new List<string>();
        foreach (var (fd, name) in given.Sockets)
        {
            try
            {
                var stored = StoredName.AddressIn(name);
                var own = stored ?? OpenListener.AddressOf(fd);
                if (stored is not null)
                    stale.AddRange(generation.AdoptListener(fd, own) ? [] : [name]);
                else if (endpoints.Has(own))
                    generation.AdoptListener(fd, own);
                else if (endpoints.OnlyAddressOf(name) is { } named)
                    generation.AdoptListener(fd, named);
                else
                {
                    generation.AdoptListener(fd, own); // Nobody will ask for it, and then it is let go of.
                    complaints.Add($"systemd has passed a socket named '{name}' that listens on {own}, but no endpoint of the configuration listens there or has that name, so it is not used. Name it after one with FileDescriptorName= in its socket unit: {endpoints}.");
                }
            }
            catch (HandoverException e)
            {
                complaints.Add($"systemd has passed a socket named '{name}' that cannot be used: {e.Message}");
            }
        }

        return (complaints, stale);
    }
}
