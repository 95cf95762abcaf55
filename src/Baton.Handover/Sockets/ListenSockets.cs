using System.Net;
using System.Net.Sockets;

namespace Baton.Handover.Sockets;

/// <summary>
/// Every listener of this process: the inherited ones wait here until the configuration asks for their address; an address
/// that nobody inherited is bound.
/// </summary>
internal sealed class ListenSockets(IReadOnlyList<ListenSocket> inherited) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<ListenSocket> _unclaimed = [.. inherited];
    private readonly List<ListenSocket> _claimed = [];
    private readonly HashSet<ListenAddress> _private = [];

    /// <summary>The listeners in use, in a stable order.</summary>
    public IReadOnlyList<ListenSocket> Open
    {
        get
        {
            lock (_lock)
                return [.. _claimed.Where(listener => !listener.IsClosed)];
        }
    }

    /// <summary>The inherited listeners that nothing has asked for.</summary>
    public IReadOnlyList<ListenSocket> Unclaimed
    {
        get
        {
            lock (_lock)
                return [.. _unclaimed];
        }
    }

    /// <summary>Adopts the inherited listener of that address, or binds one.</summary>
    /// <exception cref="SocketException">The kernel refuses the address.</exception>
    /// <exception cref="HandoverException">The address cannot be handed over, or a Unix-domain path is taken.</exception>
    public ListenSocket AdoptOrBind(EndPoint endPoint, UnixSocketOptions unixOptions)
    {
        var address = ListenAddress.Of(endPoint);
        lock (_lock)
        {
            var listener = _unclaimed.Find(candidate => candidate.Address == address);
            if (listener is not null)
                _unclaimed.Remove(listener);
            else
                listener = ListenSocket.Bind(endPoint, unixOptions);
            listener.IsPrivate = _private.Contains(address);
            _claimed.Add(listener);
            return listener;
        }
    }

    /// <summary>Binds a listener before it is asked for, with options of its own, unless it was inherited.</summary>
    /// <exception cref="HandoverException">It cannot be bound.</exception>
    public void BindAhead(EndPoint endPoint, UnixSocketOptions unixOptions)
    {
        var address = ListenAddress.Of(endPoint);
        lock (_lock)
        {
            if (!_unclaimed.Exists(candidate => candidate.Address == address))
                _unclaimed.Add(ListenSocket.Bind(endPoint, unixOptions));
        }
    }

    /// <summary>Says, before it is asked for, that a listener is the application's own business.</summary>
    public void KeepPrivate(ListenAddress address)
    {
        lock (_lock)
            _private.Add(address);
    }

    /// <summary>Adds one that whoever started the process has bound, unless that address is there already.</summary>
    /// <returns>Whether it was added; if not, it stays the caller's.</returns>
    public bool Offer(ListenSocket listener)
    {
        lock (_lock)
        {
            if (_unclaimed.Exists(candidate => candidate.Address == listener.Address))
                return false;
            _unclaimed.Add(listener);
            return true;
        }
    }

    /// <summary>Lets go of the inherited listeners that nothing has asked for; the predecessor empties their queues.</summary>
    public void CloseUnclaimed()
    {
        lock (_lock)
        {
            _unclaimed.ForEach(listener => listener.Dispose());
            _unclaimed.Clear();
        }
    }

    /// <summary>Lets go of everything. With no successor to go on, the files of Unix-domain listeners go too.</summary>
    public void Close(bool removeFiles)
    {
        CloseUnclaimed();
        foreach (var listener in Open)
        {
            listener.Dispose();
            if (removeFiles && listener.LocalEndPoint is UnixDomainSocketEndPoint unix)
                UnixSocketFile.RemoveAfterUse(unix.ToString());
        }
    }

    public void Dispose() => Close(removeFiles: false);
}
