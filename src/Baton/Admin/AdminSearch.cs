using System.Net.Sockets;
using Baton.Configuration;
using Microsoft.AspNetCore.Http;

namespace Baton.Admin;

/// <summary>Finds the daemon that runs with a configuration, by its admin socket.</summary>
internal static class AdminSearch
{
    public const string TooLong = "the path is longer than the 107 bytes that a socket can have";

    /// <summary>The daemon that listens on this very path.</summary>
    /// <exception cref="AdminException">None does.</exception>
    public static Task<AdminClient> AtAsync(string socket, TimeSpan patience, CancellationToken cancellationToken) =>
        FirstAsync([Path.GetFullPath(socket)], null, patience, "Is it running? Without --socket the one that runs with --config FILE is looked for.", cancellationToken);

    /// <summary>The daemon that runs with this file.</summary>
    /// <param name="config">Its absolute path; the file itself may be broken, or gone.</param>
    /// <param name="patience">How long to wait for each answer.</param>
    /// <param name="cancellationToken">The deadline.</param>
    /// <exception cref="AdminException">None answers.</exception>
    public static Task<AdminClient> ByConfigurationAsync(string config, TimeSpan patience, CancellationToken cancellationToken) =>
        FirstAsync(
            PathsFor(config, "Send SIGHUP to the daemon instead."),
            config,
            patience,
            $"Is a daemon running with {config}, as this user? Name another file with --config, or its socket, which it prints when it starts, with --socket. Without a socket, kill -HUP <pid> upgrades it.",
            cancellationToken);

    /// <summary>Asks the daemon that listens on this very path for its health.</summary>
    /// <returns>Its answer.</returns>
    /// <exception cref="AdminException">It is not healthy, or none answers.</exception>
    public static Task<string> AskHealthAtAsync(string socket, string question, CancellationToken cancellationToken) =>
        FirstHealthAsync([Path.GetFullPath(socket)], null, question, cancellationToken);

    /// <summary>Asks the daemon that runs with this file for its health.</summary>
    /// <inheritdoc cref="AskHealthAtAsync" path="/*[not(self::summary)]" />
    public static Task<string> AskHealthAsync(string config, string question, CancellationToken cancellationToken) =>
        FirstHealthAsync(PathsFor(config, "Without an admin socket it cannot be asked for its health."), config, question, cancellationToken);

    private static async Task<string> FirstHealthAsync(IReadOnlyList<string> paths, string? config, string question, CancellationToken cancellationToken)
    {
        var tried = new List<string>();
        foreach (var path in paths)
        {
            var (code, text) = await HealthQuestion.AskAsync(path, question, config, cancellationToken);
            if (code == StatusCodes.Status200OK)
                return text;
            if (code == StatusCodes.Status503ServiceUnavailable)
                throw new AdminException($"baton: {text}");
            tried.Add($"  {path}: {(code is 0 or StatusCodes.Status421MisdirectedRequest ? text : $"answered with {code}; is it a daemon of another version?")}");
        }

        throw new AdminException(["baton: no daemon answers. Tried:", .. tried]);
    }

    private static IReadOnlyList<string> PathsFor(string config, string adviceIfOff)
    {
        var configured = ConfiguredPath(config);
        if (configured == AdminOptions.None)
            throw new AdminException($"baton: {config} turns the admin socket off (Baton:Admin:Socket is \"none\"). {adviceIfOff}");
        return [.. configured is null ? Array.Empty<string>() : [configured], .. AdminPaths.ForClient(config)];
    }

    private static async Task<AdminClient> FirstAsync(IReadOnlyList<string> paths, string? config, TimeSpan patience, string advice, CancellationToken cancellationToken)
    {
        var tried = new List<string>();
        foreach (var path in paths)
        {
            AdminClient? client = null;
            try
            {
                client = new AdminClient(path, patience);
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
                tried.Add($"  {path}: {TooLong}");
            }
            finally
            {
                client?.Dispose();
            }
        }

        throw new AdminException(["baton: no daemon answers. Tried:", .. tried, advice]);
    }

    /// <summary>Why connecting to a socket failed.</summary>
    public static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressNotAvailable => "there is no such socket",
        SocketError.ConnectionRefused => "nobody listens on it",
        SocketError.AccessDenied => "not accessible for this user",
        _ => e.Message,
    };

    private static string Reason(HttpRequestException e) => e.InnerException is SocketException socket ? Reason(socket) : e.Message;

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
