using System.Net.Sockets;
using Baton.Handover.Native;
using Baton.Handover.Processes;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>Connections of one message: adopted by the listener with the same address, as far as there is room.</summary>
internal sealed class ConnectionAdoption : IAdoption
{
    private readonly Action<IdleConnection> _take;
    private readonly List<IdleConnection> _connections = [];
    private readonly List<int> _refused = [];

    /// <param name="message">Its descriptors are owned by this object from here on.</param>
    /// <param name="listeners">Those of this generation.</param>
    /// <param name="take">Takes each, when it is told to the predecessor which are refused.</param>
    /// <param name="clock">The time.</param>
    /// <param name="room">How many more connections this generation may have.</param>
    public ConnectionAdoption(ChannelMessage message, IReadOnlyList<HandoverListener> listeners, Action<IdleConnection> take, TimeProvider clock, long room)
    {
        _take = take;
        var passed = message.Passed ?? [];
        for (var index = 0; index < passed.Count; index++)
        {
            // The kernel drops those at the end for which this process has no descriptor left, and a few are left for other things.
            var listener = listeners.FirstOrDefault(listener => listener.Listener.Address.ToString() == passed[index].Listener);
            if (index >= message.Descriptors.Count || DescriptorLimit.IsNear(message.Descriptors[index].Fd) || listener is null || listener.HasEnded || _connections.Count >= room)
                _refused.Add(index);
            else
                _connections.Add(Read(passed[index], message.Descriptors[index], listener, clock));
        }

        message.Drop();
    }

    public IReadOnlyCollection<int> Refused => _refused;

    public void Begin() => _connections.ForEach(_take);

    public void Drop() => _connections.ForEach(connection => connection.Socket.Dispose());

    private static IdleConnection Read(PassedConnection passed, DescriptorHandle descriptor, HandoverListener listener, TimeProvider clock) =>
        new(
            new Socket(new SafeSocketHandle(descriptor.Release(), ownsHandle: true)),
            listener,
            ConnectionFormat.Read(passed),
            clock.GetTimestamp() - (long)((passed.IdleFor ?? TimeSpan.Zero).TotalSeconds * clock.TimestampFrequency));
}
