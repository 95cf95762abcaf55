using Baton.Handover;
using Baton.Handover.Sockets;

namespace Baton.Admin;

/// <summary>
/// The admin socket of this generation. Where it is placed automatically and cannot be had, the proxy serves without it: an
/// upgrade by SIGHUP still works, and a site that is down does not.
/// </summary>
/// <param name="Path">Null if there is none.</param>
/// <param name="Missing">Why there is none, though nobody has turned it off.</param>
internal sealed record AdminSocket(string? Path, string? Missing)
{
    // Whoever may connect may replace the program: nobody but the user of the daemon, and root.
    private static readonly UnixSocketOptions OnlyOwner = new() { Mode = "0600" };

    /// <param name="generation">Adopts or binds it.</param>
    /// <param name="options">Where.</param>
    /// <param name="config">The absolute path of the configuration file.</param>
    /// <exception cref="HandoverException">The path that the configuration names cannot be used.</exception>
    public static AdminSocket Open(Generation generation, AdminOptions options, string config)
    {
        if (options.Socket == AdminOptions.None)
            return new AdminSocket(null, null);
        if (options.Socket is { } path)
        {
            generation.BindUnixSocket(path, OnlyOwner);
            return new AdminSocket(path, null);
        }

        try
        {
            path = AdminPaths.ForDaemon(config);
            generation.BindUnixSocket(path, OnlyOwner);
            return new AdminSocket(path, null);
        }
        catch (HandoverException e)
        {
            return new AdminSocket(null, e.Message);
        }
    }
}
