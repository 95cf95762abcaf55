using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Baton.Handover.Native;

namespace Baton.Handover.Sockets;

/// <summary>
/// A listening socket that other processes may share. It is let go of with close(2) alone: shutdown(2) would end it for
/// all of them, and so would the ways in which <see cref="Socket"/> closes what it owns.
/// </summary>
internal sealed class ListenSocket : IDisposable
{
    // The kernel caps it at net.core.somaxconn; while generations change, the queue is where connections wait.
    private const int Backlog = 65535;

    private readonly DescriptorHandle _descriptor;
    private readonly Socket _socket;

    private ListenSocket(ListenAddress address, DescriptorHandle descriptor)
    {
        Address = address;
        _descriptor = descriptor;
        // Not owned: disposing it neither closes nor disconnects the descriptor, whatever is pending.
        _socket = new Socket(new SafeSocketHandle(descriptor.Fd, ownsHandle: false));
        LocalEndPoint = _socket.LocalEndPoint!;
    }

    /// <summary>What it was asked to listen on.</summary>
    public ListenAddress Address { get; }

    /// <summary>What it listens on, with the port that the kernel gave.</summary>
    public EndPoint LocalEndPoint { get; }

    /// <summary>Whether what comes in here is the application's own business, and not traffic.</summary>
    public bool IsPrivate { get; set; }

    public int Fd => _descriptor.Fd;

    /// <summary>To be lent, not to be closed.</summary>
    public SafeHandle Descriptor => _descriptor;

    public bool IsClosed => _descriptor.IsClosed;

    /// <summary>Takes over an inherited descriptor.</summary>
    /// <exception cref="HandoverException">It is not a listening socket.</exception>
    public static ListenSocket Adopt(DescriptorHandle descriptor, ListenAddress address)
    {
        try
        {
            var listener = new ListenSocket(address, descriptor);
            if ((int)listener._socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)! != 0)
                return listener;
        }
        catch (SocketException)
        {
            // Not even a socket.
        }

        throw new HandoverException($"The inherited fd {descriptor.Fd} for {address} is not a listening socket.");
    }

    /// <summary>Binds a new one.</summary>
    /// <exception cref="SocketException">The kernel refuses the address.</exception>
    /// <exception cref="HandoverException">The path of a Unix-domain socket is taken, or its mode or owner cannot be set.</exception>
    public static ListenSocket Bind(EndPoint endPoint, UnixSocketOptions unixOptions)
    {
        var socket = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true; // "*" means IPv4 too.

            if (endPoint is UnixDomainSocketEndPoint unix)
                BindUnix(socket, unix, unixOptions);
            else
                socket.Bind(endPoint);
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new ListenSocket(ListenAddress.Of(endPoint), Detach(socket));
    }

    /// <summary>The next connection. Cancelling never loses one: it is returned, or it stays in the queue.</summary>
    public ValueTask<Socket> AcceptAsync(CancellationToken cancellation) => _socket.AcceptAsync(cancellation);

    /// <summary>Whether a connection waits in the queue.</summary>
    public bool HasQueued => _socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    /// <summary>Lets go of this process's copy; nothing changes for other processes that have one. No accept may be pending.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _descriptor.Dispose();
    }

    // Takes the descriptor out of a socket, which is then forgotten: disposing it would wait for a handle it no longer has.
    private static DescriptorHandle Detach(Socket socket)
    {
        var descriptor = new DescriptorHandle((int)socket.SafeHandle.DangerousGetHandle());
        socket.SafeHandle.SetHandleAsInvalid();
#pragma warning disable CA1816 // The finalizer would dispose it too.
        GC.SuppressFinalize(socket);
#pragma warning restore CA1816
        return descriptor;
    }

    private static void BindUnix(Socket socket, UnixDomainSocketEndPoint endPoint, UnixSocketOptions options)
    {
        var path = endPoint.ToString();
        UnixSocketFile.RemoveIfStale(path);
        SocketCalls.BindUnix(socket, endPoint, options.FileMode);
        // Before listen(2): until the owner is right, nobody can connect.
        FileOwner.Change(path, options.Owner, options.Group);
        File.SetUnixFileMode(path, options.FileMode);
    }
}
