using System.Net.Sockets;
using System.Runtime.InteropServices;
using Baton.Handover.Native;

namespace Baton.Handover.Sockets;

/// <summary>A datagram to a Unix-domain socket that carries a copy of an open file; unix(7), SCM_RIGHTS.</summary>
public static class DescriptorDatagram
{
    /// <summary>Sends it at once or not at all.</summary>
    /// <param name="socket">A connected datagram socket.</param>
    /// <param name="message">The bytes, at least one.</param>
    /// <param name="descriptor">The open file; it stays open here.</param>
    /// <returns><see cref="SocketError.WouldBlock"/> if the receiver's queue is full: try again.</returns>
    public static SocketError TrySend(Socket socket, ReadOnlySpan<byte> message, SafeHandle descriptor)
    {
        var isHeld = false;
        try
        {
            descriptor.DangerousAddRef(ref isHeld);
            return DescriptorPassing.TrySend(socket.SafeHandle, message, [(int)descriptor.DangerousGetHandle()]);
        }
        finally
        {
            if (isHeld)
                descriptor.DangerousRelease();
        }
    }
}
