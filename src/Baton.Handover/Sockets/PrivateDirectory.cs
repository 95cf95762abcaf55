using System.Globalization;
using Baton.Handover.Native;

namespace Baton.Handover.Sockets;

/// <summary>
/// A directory for sockets that only this user may enter, also below one where everybody may write, such as <c>/tmp</c>: what
/// somebody else has put in its place is never used.
/// </summary>
public static class PrivateDirectory
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A path below <paramref name="parent"/> that is this user's by its name: <c>/tmp/baton-1000</c>.</summary>
    public static string OfThisUser(string parent, string name) =>
        Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{name}-{DirectoryStatus.UserId}"));

    /// <summary>Whether it is there, a directory of this user and no link to one, and closed to everybody else.</summary>
    /// <exception cref="HandoverException">It cannot be looked at.</exception>
    public static bool Exists(string path) => DirectoryStatus.IsPrivate(path) is true;

    /// <summary>Makes it, with mode 0700, unless it is there.</summary>
    /// <exception cref="HandoverException">It cannot be made, or what is there belongs to somebody else or is open to others.</exception>
    public static void Ensure(string path)
    {
        try
        {
            Directory.CreateDirectory(path, Mode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HandoverException($"Making the directory {path} failed: {e.Message}", e);
        }

        if (!Exists(path))
            throw new HandoverException($"{path} is not a directory that this user alone can enter. Remove it, or give it to user {DirectoryStatus.UserId} with mode 0700.");
    }
}
