using Baton.Handover.Native;

namespace Baton.Handover.Sockets;

/// <summary>What a Unix-domain listener would find at its path, looked at without touching it.</summary>
public static class SocketPlace
{
    /// <summary>Why no listener can be bound there; null if one can, as far as this user may know.</summary>
    /// <param name="path">The absolute path of the socket.</param>
    public static string? Complaint(string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        try
        {
            if (!Directory.Exists(directory))
                return $"the directory of {path} does not exist. Make it.";
            if (FileType.IsSocket(path) is false)
                return $"{path} is a file that is not a socket. Move it away, or choose another path.";
            return DirectoryAccess.MayCreateIn(directory) ? null : $"this user may not create {path}. Is it the user of the daemon?";
        }
        catch (HandoverException e)
        {
            return e.Message;
        }
    }
}
