using System.Net.Sockets;
using Baton.Handover.Processes;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>Connections of one message: adopted by the listener with the same address, as far as there is room.</summary>
internal sealed class ConnectionAdoption : IAdoption
{
    private readonly List<HandoverConnection> _connections = [];
    private readonly List<int> _refused = [];

    /// <param name="message">Its descriptors are owned by this object from here on.</param>
    /// <param name="listeners">Those of this generation.</param>
    /// <param name="room">How many more connections this generation may have.</param>
    public ConnectionAdoption(ChannelMessage message, IReadOnlyList<HandoverListener> listeners, long room)
    {
        var passed = message.Passed ?? [];
        for (var index = 0; index < passed.Count; index++)
        {
            // The kernel drops those at the end for which this process has no descriptor left.
            var listener = listeners.FirstOrDefault(listener => listener.Listener.Address.ToString() == passed[index].Listener);
            if (index >= message.Descriptors.Count || listener is null || listener.HasEnded || _connections.Count >= room)
                _refused.Add(index);
            else
                _connections.Add(listener.Renew(new Socket(new SafeSocketHandle(message.Descriptors[index].Release(), ownsHandle: true)), ConnectionFormat.Read(passed[index])));
        }

        message.Drop();
    }

    public IReadOnlyCollection<int> Refused => _refused;

    public void Begin() => _connections.ForEach(connection => connection.Listener.Adopt(connection));

    public void Drop() => _connections.ForEach(connection => connection.Socket.Dispose());
}
