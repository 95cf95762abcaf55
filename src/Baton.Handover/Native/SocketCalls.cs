using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>What System.Net.Sockets has no call for; socketpair(2), bind(2), fchmod(2).</summary>
internal static unsafe partial class SocketCalls
{
    private const int AF_UNIX = 1;
    private const int SOCK_STREAM = 1;
    private const int SOCK_SEQPACKET = 5;
    private const int SOCK_CLOEXEC = 0x80000;

    /// <summary>Two connected sockets that keep message boundaries and say when the other end is gone.</summary>
    public static (DescriptorHandle Ours, DescriptorHandle Theirs) Pair() => Pair(SOCK_SEQPACKET, "the hand-over channel");

    /// <summary>Two connected sockets that are like the two ends of a TCP connection.</summary>
    public static (DescriptorHandle Ours, DescriptorHandle Theirs) StreamPair() => Pair(SOCK_STREAM, "a connection of the process with itself");

    /// <summary>
    /// Binds a Unix-domain socket whose file is never wider open than <paramref name="mode"/>, and that no one unlinks:
    /// <see cref="Socket.Bind"/> would delete the file when its socket is disposed, under the successor's feet.
    /// </summary>
    public static void BindUnix(Socket socket, UnixDomainSocketEndPoint endPoint, UnixFileMode mode)
    {
        var fd = (int)socket.SafeHandle.DangerousGetHandle();
        var address = endPoint.Serialize();

        // Linux gives the file the mode of the socket's inode less the umask.
        if (FchmodCore(fd, (uint)mode) != 0)
            throw Errno.Failure($"Setting the mode of the socket for {endPoint}");
        fixed (byte* bytes = address.Buffer.Span)
        {
            if (BindCore(fd, bytes, (uint)address.Size) != 0)
                throw Errno.Failure($"Binding the Unix-domain listener {endPoint}");
        }
    }

    private static (DescriptorHandle Ours, DescriptorHandle Theirs) Pair(int type, string what)
    {
        var fds = stackalloc int[2];
        if (SocketPairCore(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) != 0)
            throw Errno.Failure($"Creating {what} (socketpair)");
        return (new DescriptorHandle(fds[0]), new DescriptorHandle(fds[1]));
    }

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPairCore(int domain, int type, int protocol, int* fds);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int BindCore(int fd, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int FchmodCore(int fd, uint mode);
}
