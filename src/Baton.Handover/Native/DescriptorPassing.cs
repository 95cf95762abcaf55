using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>Messages that carry open files to another process; unix(7), SCM_RIGHTS, sendmsg(2), recvmsg(2), cmsg(3).</summary>
internal static unsafe partial class DescriptorPassing
{
    /// <summary>The most descriptors that the kernel takes with one message is 253 (SCM_MAX_FD); unix(7).</summary>
    public const int MaxDescriptors = 128;

    private const int SOL_SOCKET = 1;
    private const int SCM_RIGHTS = 1;
    private const int MSG_DONTWAIT = 0x40;
    private const int MSG_NOSIGNAL = 0x4000;
    private const int MSG_CMSG_CLOEXEC = 0x40000000;

    // struct cmsghdr: size_t length, int level, int type; then the descriptors, the whole a multiple of a word.
    private static readonly int HeaderSize = sizeof(nuint) + 2 * sizeof(int);

    /// <summary>Sends one whole message, or nothing: then the error is <see cref="SocketError.WouldBlock"/> or final.</summary>
    public static SocketError TrySend(SafeHandle socket, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> fds)
    {
        var control = stackalloc byte[ControlSize(MaxDescriptors)];
        fixed (byte* data = bytes)
        {
            var vector = new IoVector { Base = data, Length = (nuint)bytes.Length };
            var message = new MessageHeader { Vectors = &vector, VectorCount = 1 };
            if (!fds.IsEmpty)
            {
                *(nuint*)control = (nuint)(HeaderSize + fds.Length * sizeof(int));
                *(int*)(control + sizeof(nuint)) = SOL_SOCKET;
                *(int*)(control + sizeof(nuint) + sizeof(int)) = SCM_RIGHTS;
                fds.CopyTo(new Span<int>(control + HeaderSize, fds.Length));
                message.Control = control;
                message.ControlLength = (nuint)ControlSize(fds.Length);
            }

            while (SendMessageCore(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
            {
                if (Errno.Last != Errno.EINTR)
                    return Error(Errno.Last);
            }

            return SocketError.Success;
        }
    }

    /// <summary>
    /// Receives one message if one is there. Of the descriptors it carried, those come first in <paramref name="descriptors"/>
    /// that this process had room for; the kernel has dropped the others.
    /// </summary>
    public static SocketError TryReceive(DescriptorHandle socket, Span<byte> buffer, List<DescriptorHandle> descriptors, out int count)
    {
        var control = stackalloc byte[ControlSize(MaxDescriptors)];
        fixed (byte* data = buffer)
        {
            var vector = new IoVector { Base = data, Length = (nuint)buffer.Length };
            var message = new MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = (nuint)ControlSize(MaxDescriptors) };
            while ((count = (int)ReceiveMessageCore(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC)) < 0)
            {
                if (Errno.Last != Errno.EINTR)
                    return Error(Errno.Last);
            }

            if (message.ControlLength >= (nuint)HeaderSize && *(int*)(control + sizeof(nuint)) == SOL_SOCKET && *(int*)(control + sizeof(nuint) + sizeof(int)) == SCM_RIGHTS)
            {
                foreach (var fd in new ReadOnlySpan<int>(control + HeaderSize, ((int)*(nuint*)control - HeaderSize) / sizeof(int)))
                    descriptors.Add(new DescriptorHandle(fd));
            }

            return SocketError.Success;
        }
    }

    private static int ControlSize(int fds) => HeaderSize + (fds * sizeof(int) + sizeof(nuint) - 1) / sizeof(nuint) * sizeof(nuint);

    private static SocketError Error(int errno) => errno switch
    {
        Errno.EAGAIN or Errno.ENOBUFS => SocketError.WouldBlock,
        Errno.EMSGSIZE => SocketError.MessageSize,
        Errno.ETOOMANYREFS or Errno.EMFILE => SocketError.TooManyOpenSockets,
        _ => SocketError.ConnectionReset,
    };

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessageCore(SafeHandle socket, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessageCore(DescriptorHandle socket, MessageHeader* message, int flags);

    private struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    // Two members are narrower in musl, with padding that is zero here: the same bytes on a little-endian machine.
    private struct MessageHeader
    {
        public byte* Name;
        public nuint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
