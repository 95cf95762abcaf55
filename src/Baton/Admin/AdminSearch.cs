using System.Net.Sockets;
using Baton.Configuration;

namespace Baton.Admin;

/// <summary>Finds the daemon that runs with a configuration, by its admin socket.</summary>
internal static class AdminSearch
{
    /// <summary>The daemon that listens on this very path.</summary>
    /// <exception cref="AdminException">None does.</exception>
    public static Task<AdminClient> AtAsync(string socket, CancellationToken cancellationToken) =>
        FirstAsync([Path.GetFullPath(socket)], null, "Is it running? Without --socket the one that runs with --config FILE is looked for.", cancellationToken);

    /// <summary>The daemon that runs with this file.</summary>
    /// <param name="config">Its absolute path; the file itself may be broken, or gone.</param>
    /// <param name="cancellationToken">The deadline.</param>
    /// <exception cref="AdminException">None answers.</exception>
    public static Task<AdminClient> ByConfigurationAsync(string config, CancellationToken cancellationToken)
    {
        var configured = ConfiguredPath(config);
        if (configured == AdminOptions.None)
            throw new AdminException($"baton: {config} turns the admin socket off (Baton:Admin:Socket is \"none\"). Send SIGHUP to the daemon instead.");
        return FirstAsync(
            [.. configured is null ? Array.Empty<string>() : [configured], .. AdminPaths.ForClient(config)],
            config,
            $"Is a daemon running with {config}, as this user? Name another file with --config, or its socket, which it prints when it starts, with --socket. Without a socket, kill -HUP <pid> upgrades it.",
            cancellationToken);
    }

    private static async Task<AdminClient> FirstAsync(IReadOnlyList<string> paths, string? config, string advice, CancellationToken cancellationToken)
    {
        var tried = new List<string>();
        foreach (var path in paths)
        {
            AdminClient? client = null;
            try
            {
                client = new AdminClient(path);
                var status = await client.StatusAsync(cancellationToken);
                if (config is null || status.Configuration == config)
                {
                    (var found, client) = (client, null);
                    return found;
                }

                tried.Add($"  {path}: a daemon that runs with {status.Configuration}");
            }
            catch (HttpRequestException e)
            {
                tried.Add($"  {path}: {Reason(e)}");
            }
            catch (ArgumentOutOfRangeException)
            {
                tried.Add($"  {path}: the path is longer than the 107 bytes that a socket can have");
            }
            finally
            {
                client?.Dispose();
            }
        }

        throw new AdminException(["baton: no daemon answers. Tried:", .. tried, advice]);
    }

    private static string Reason(HttpRequestException e) => e.InnerException is SocketException socket
        ? socket.SocketErrorCode switch
        {
            SocketError.AddressNotAvailable => "there is no such socket",
            SocketError.ConnectionRefused => "nobody listens on it",
            SocketError.AccessDenied => "not accessible for this user",
            _ => socket.Message,
        }
        : e.Message;

    // The new configuration may be broken, which its successor will say better; all that is wanted here is one value.
    private static string? ConfiguredPath(string config)
    {
        try
        {
            return SettingSources.Read(config, File.ReadAllBytes(config), ProcessEnvironment.WithPrefix(SettingSources.EnvironmentPrefix), [], [])["Baton:Admin:Socket"]?.Value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
