using System.Net.Sockets;
using Baton.Handover.Native;

namespace Baton.Handover.Sockets;

/// <summary>The file of a Unix-domain listener: it outlives its socket, and bind(2) refuses a path that exists.</summary>
internal static class UnixSocketFile
{
    /// <summary>Deletes the file if no process listens on it any more.</summary>
    /// <exception cref="HandoverException">Somebody listens on it, or it is not a socket.</exception>
    public static void RemoveIfStale(string path)
    {
        switch (FileType.IsSocket(path))
        {
            case null:
                return;
            case false:
                throw new HandoverException($"Listening on {path} failed: there is a file that is not a socket. Move it away, or choose another path.");
            case true when IsAlive(path):
                throw new HandoverException($"Listening on {path} failed: another process listens there. Find it with: ss -xlp src {path}");
            default:
                File.Delete(path);
                break;
        }
    }

    /// <summary>Deletes the file behind a listener that has just been closed, unless somebody else listens on it by now.</summary>
    public static void RemoveAfterUse(string path)
    {
        if (FileType.IsSocket(path) is true && !IsAlive(path))
            File.Delete(path);
    }

    private static bool IsAlive(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Blocking = false; // A listener with a full queue would block, and is alive all the same.
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }
}
