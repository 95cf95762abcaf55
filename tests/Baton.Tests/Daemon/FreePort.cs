using System.Net;
using System.Net.Sockets;

namespace Baton.Tests.Daemon;

/// <summary>A port on 127.0.0.1 for what has to be told one, and cannot take any.</summary>
internal static class FreePort
{
    private static int _last = 20000 + Environment.ProcessId % 1000 * 10;

    /// <summary>One below those that the kernel gives away by itself (net.ipv4.ip_local_port_range), each only once.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _last);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
