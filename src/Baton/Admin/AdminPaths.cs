using System.Security.Cryptography;
using System.Text;
using Baton.Configuration;
using Baton.Handover.Sockets;

namespace Baton.Admin;

/// <summary>
/// Where the admin socket is when the configuration does not say: systemd's runtime directory, or else the user's, or else one
/// in /tmp that only the user may enter. Outside of a service the name follows from the configuration file, so that
/// <c>baton upgrade --config FILE</c> finds the daemon that runs with FILE, and daemons side by side do not meet.
/// </summary>
internal static class AdminPaths
{
    private const string Directory = "baton";
    private const string OfService = "admin.sock";
    private const int NameBytes = 6;

    /// <summary>Where this process listens; makes the directory.</summary>
    /// <param name="config">The absolute path of the configuration file.</param>
    /// <exception cref="Handover.HandoverException">The directory cannot be made, or is not safe.</exception>
    public static string ForDaemon(string config)
    {
        // systemd has made it, for this user alone unless the unit says otherwise; systemd.exec(5).
        if (RuntimeDirectory is { } service)
            return Path.Combine(service, OfService);
        var directory = UserDirectory;
        PrivateDirectory.Ensure(directory);
        return Path.Combine(directory, NameFor(config));
    }

    /// <summary>Where a daemon that runs with a configuration may listen, most likely first; nothing below a directory that is not safe.</summary>
    /// <param name="config">The absolute path of the configuration file.</param>
    public static IReadOnlyList<string> ForClient(string config)
    {
        var users = UserDirectory;
        List<string> paths = [];
        if (RuntimeDirectory is { } service)
            paths.Add(Path.Combine(service, OfService));
        if (PrivateDirectory.Exists(users))
        {
            paths.Add(Path.Combine(users, NameFor(config)));
            paths.Add(Path.Combine(users, OfService)); // systemd --user
        }

        paths.Add(Path.Combine("/run", Directory, OfService));
        return [.. paths.Distinct()];
    }

    private static string? RuntimeDirectory => ProcessEnvironment.Get("RUNTIME_DIRECTORY") is { Length: > 0 } directories ? directories.Split(':')[0] : null;

    private static string UserDirectory => ProcessEnvironment.Get("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Path.IsPathRooted(runtime)
        ? Path.Combine(runtime, Directory)
        : PrivateDirectory.OfThisUser("/tmp", Directory);

    // Short, since the path of a Unix-domain socket has at most 107 bytes; unix(7).
    private static string NameFor(string config) =>
        $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(config)).AsSpan(0, NameBytes))}.sock";
}
