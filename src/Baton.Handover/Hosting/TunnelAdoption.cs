using System.Net.Sockets;
using Baton.Handover.Native;
using Baton.Handover.Processes;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>The tunnel of one message, if there is room for it.</summary>
internal sealed class TunnelAdoption : IAdoption
{
    private readonly TunnelTable _tunnels;
    private readonly Tunnel? _tunnel;

    /// <param name="message">Its descriptors are owned by this object from here on.</param>
    /// <param name="tunnels">Those of this generation.</param>
    /// <param name="hasRoom">Whether this generation may have one more.</param>
    public TunnelAdoption(ChannelMessage message, TunnelTable tunnels, bool hasRoom)
    {
        _tunnels = tunnels;
        if (message is { PassedTunnel: { } passed, Descriptors: [var client, var upstream] } && hasRoom)
            _tunnel = new Tunnel(Socket(client), Socket(upstream), TunnelFormat.Read(passed), TunnelFormat.Read(passed.ToUpstream), TunnelFormat.Read(passed.ToClient)) { IsAdopted = true };
        message.Drop();
    }

    public IReadOnlyCollection<int> Refused => _tunnel is null ? [0] : [];

    public void Begin()
    {
        if (_tunnel is not null)
            _tunnels.Start(_tunnel);
    }

    public void Drop() => _tunnel?.Abort();

    private static Socket Socket(DescriptorHandle descriptor) => new(new SafeSocketHandle(descriptor.Release(), ownsHandle: true));
}
