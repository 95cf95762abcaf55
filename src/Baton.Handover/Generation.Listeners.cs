using System.Net.Sockets;
using Baton.Handover.Native;
using Baton.Handover.Sockets;

namespace Baton.Handover;

/// <summary>The listeners of a generation: inherited, given to it, or bound ahead of the server.</summary>
public sealed partial class Generation
{
    /// <summary>The listening sockets in use.</summary>
    public IReadOnlyList<OpenListener> OpenListeners => [.. Listeners.Open.Select(listener => new OpenListener(listener.Address.ToString(), listener.Descriptor))];

    /// <summary>Addresses of listeners that this process was given and had no use for; known once it is prepared.</summary>
    public IReadOnlyList<string> ReleasedListeners { get; private set; } = [];

    /// <summary>
    /// Adopts the Unix-domain listener of that path from the predecessor, or binds it with options of its own. The server finds
    /// it when it is told to listen there; so whoever can do without it learns in time that it cannot be had.
    /// </summary>
    /// <param name="path">Absolute; at most 107 bytes, unix(7).</param>
    /// <param name="options">Its mode and owner, in place of <see cref="HandoverOptions.UnixSockets"/>.</param>
    /// <exception cref="HandoverException">It cannot be bound: the path is too long or taken, or the directory not to be written to.</exception>
    public void BindUnixSocket(string path, UnixSocketOptions options)
    {
        try
        {
            Listeners.BindAhead(new UnixDomainSocketEndPoint(path), options);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new HandoverException($"Listening on {path} failed: the path is longer than the 107 bytes that a Unix-domain socket can have. Choose a shorter one.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            throw new HandoverException($"Listening on {path} failed: {e.Message}", e);
        }
    }

    /// <summary>
    /// Takes over a listening socket that whoever started the process has bound, as service managers do. The server finds it
    /// when it is told to listen on that address. The descriptor is this object's from now on, whatever the answer.
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="address">What the server will be told, as in <see cref="OpenListener.Address"/>.</param>
    /// <returns>False if the address has a listener already, or if it is a Unix-domain socket whose file is gone.</returns>
    /// <exception cref="HandoverException">It is not a listening socket.</exception>
    public bool AdoptListener(int fd, string address)
    {
        var descriptor = new DescriptorHandle(fd);
        try
        {
            DescriptorHandle.CloseOnExec(fd);
            var listener = ListenSocket.Adopt(descriptor, ListenAddress.FromText(address));
            var hasFile = listener.LocalEndPoint is not UnixDomainSocketEndPoint unix || File.Exists(unix.ToString());
            if (hasFile && Listeners.Offer(listener))
                return true;
            listener.Dispose();
            return false;
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Says, before the server listens there, that a listener is the application's own business, such as its administration: it
    /// is handed over like any other, but its connections are neither counted as accepted nor as open.
    /// </summary>
    /// <param name="address">What the server will be told, as in <see cref="OpenListener.Address"/>.</param>
    public void KeepPrivate(string address) => Listeners.KeepPrivate(ListenAddress.FromText(address));
}
