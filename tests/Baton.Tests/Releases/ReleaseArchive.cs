using Baton.Tests.Releases;
using Xunit;

[assembly: AssemblyFixture(typeof(ReleaseArchive))]

namespace Baton.Tests.Releases;

/// <summary>
/// What deploy/build.sh makes of this tree, once and only if a test asks: a release archive and a .deb, and those of a second
/// release, <see cref="ReleaseBuild.Version"/>. The second comes from a copy of the tree in another directory.
/// </summary>
public sealed class ReleaseArchive : IDisposable
{
    // Everything is compiled ahead of time, which takes both processors for minutes; other tests go first.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    // What takes longest, and would not be another for a second release.
    private static readonly (string Name, string? Value)[] NotAheadOfTime = [("PublishReadyToRun", "false")];

    private static readonly string Repository = Path.GetFullPath(Path.Combine(RepositoryFiles.Config, ".."));

    private readonly string _directory = Directory.CreateTempSubdirectory("baton-archive-").FullName;
    private readonly Lazy<Task<Built>> _first;
    private readonly Lazy<Task<Built>> _next;
    private readonly Lazy<Task<Built>> _again;

    public ReleaseArchive()
    {
        _first = new Lazy<Task<Built>>(() => BuildAsync(Repository, "first", []));
        _next = new Lazy<Task<Built>>(NextAsync);
        _again = new Lazy<Task<Built>>(AgainAsync);
    }

    /// <summary>The archive, baton-VERSION-linux-x64.tar.gz, with its .sha256 file beside it.</summary>
    public async Task<string> PathAsync() => (await _first.Value).Archive;

    /// <summary>The .deb of the same release.</summary>
    public async Task<string> DebPathAsync() => (await _first.Value).Deb;

    /// <summary>The archive of release <see cref="ReleaseBuild.Version"/>.</summary>
    public async Task<string> NextPathAsync() => (await _next.Value).Archive;

    /// <summary>The .deb of release <see cref="ReleaseBuild.Version"/>.</summary>
    public async Task<string> NextDebPathAsync() => (await _next.Value).Deb;

    /// <summary>That release once more: archive and .deb, from this directory.</summary>
    internal Task<Built> BuiltAgainAsync() => _again.Value;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<Built> NextAsync()
    {
        await _first.Value; // has fetched the packages, if need be
        var copy = Path.Combine(_directory, "copy of the tree");
        Copy(new DirectoryInfo(Repository), copy, ["src", "config", "deploy"]);
        return await BuildAsync(copy, "other", NotAheadOfTime, "--offline", "--version", ReleaseBuild.Version);
    }

    private async Task<Built> AgainAsync()
    {
        await _next.Value;
        return await BuildAsync(Repository, "again", NotAheadOfTime, "--offline", "--version", ReleaseBuild.Version);
    }

    private async Task<Built> BuildAsync(string tree, string output, (string Name, string? Value)[] settings, params string[] options)
    {
        // The copy is no checkout and has to be told.
        var time = tree == Repository ? null : (await ProgramRun.OutputOfAsync(["git", "-C", Repository, "log", "-1", "--format=%ct"])).Trim();
        var lines = await ProgramRun.OutputOfAsync(
            ["nice", "-n", "5", Path.Combine(tree, "deploy/build.sh"), "--deb", "--output", Path.Combine(_directory, output), .. options],
            Patience,
            [("SOURCE_DATE_EPOCH", time), .. settings]);
        var built = lines.TrimEnd().Split('\n');
        return new Built(built[^2], built[^1]);
    }

    private static void Copy(DirectoryInfo from, string to, string[]? only = null)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.GetFiles())
            file.CopyTo(Path.Combine(to, file.Name));
        foreach (var directory in from.GetDirectories().Where(directory => only?.Contains(directory.Name) ?? directory.Name is not ("bin" or "obj")))
            Copy(directory, Path.Combine(to, directory.Name));
    }

    /// <param name="Archive">The path of the archive.</param>
    /// <param name="Deb">The path of the .deb.</param>
    internal sealed record Built(string Archive, string Deb);
}
