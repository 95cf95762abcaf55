namespace Baton.Admin;

/// <summary>The section <c>Baton:Admin</c>.</summary>
internal sealed class AdminOptions
{
    /// <summary>In place of a path: there is no admin interface.</summary>
    public const string None = "none";

    /// <summary>
    /// Absolute path of the admin socket, or "none". Default: null, a path that follows from where the daemon runs and from its
    /// configuration file; see <see cref="AdminPaths"/>.
    /// </summary>
    public string? Socket { get; set; }

    public IEnumerable<string> Validate()
    {
        if (Socket is not null and not None && !Path.IsPathRooted(Socket))
            yield return $"Admin:Socket is '{Socket}', but it must be an absolute path, \"{None}\" for no admin interface, or null for the usual path.";
    }
}
