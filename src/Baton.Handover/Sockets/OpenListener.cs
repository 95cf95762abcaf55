using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Baton.Handover.Sockets;

/// <summary>A listening socket of this process.</summary>
/// <param name="Address">What it was asked to listen on: <c>127.0.0.1:8080</c>, <c>[::]:8080</c>, <c>unix:/run/app.sock</c>.</param>
/// <param name="Descriptor">The socket, to be lent and not to be closed.</param>
public sealed record OpenListener(string Address, SafeHandle Descriptor)
{
    /// <summary>What a socket listens on, in the form of <see cref="Address"/>.</summary>
    /// <exception cref="HandoverException">It is neither a TCP nor a Unix-domain socket.</exception>
    public static string AddressOf(int fd)
    {
        try
        {
            using var socket = new Socket(new SafeSocketHandle(fd, ownsHandle: false));
            if (socket.LocalEndPoint is { } endPoint)
                return ListenAddress.Of(endPoint).ToString();
            throw new HandoverException($"The fd {fd} is not a listening socket.");
        }
        catch (SocketException e)
        {
            throw new HandoverException($"The fd {fd} is not a listening socket: {e.Message}.", e);
        }
    }
}
