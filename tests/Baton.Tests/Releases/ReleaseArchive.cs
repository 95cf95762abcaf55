using Baton.Tests.Releases;
using Xunit;

[assembly: AssemblyFixture(typeof(ReleaseArchive))]

namespace Baton.Tests.Releases;

/// <summary>
/// What deploy/build.sh makes of this tree: the release that all tests run, before the first of them begins, and a second one,
/// <see cref="NextVersion"/>, from a copy of the tree in another directory, once and only if a test asks.
/// </summary>
public sealed class ReleaseArchive : IAsyncLifetime
{
    public const string NextVersion = "9.9.9";

    private static readonly string Scratch = Directory.CreateTempSubdirectory("baton-archive-").FullName;

    // Kept beside the tests: it is built anew only if the sources have changed.
    private static readonly Lazy<Task<Release>> First = new(() => Release.BuildAsync(RepositoryFiles.Root, Path.Combine(AppContext.BaseDirectory, "release")));
    private static readonly Lazy<Task<string>> Program = new(() => UnpackAsync(First, "program"));

    private readonly Lazy<Task<Release>> _first = First;
    private readonly Lazy<Task<Release>> _next = new(NextAsync);
    private readonly Lazy<Task<string>> _nextProgram;
    private readonly Lazy<Task<Release>> _again;

    public ReleaseArchive()
    {
        _nextProgram = new Lazy<Task<string>>(() => UnpackAsync(_next, "next"));
        _again = new Lazy<Task<Release>>(AgainAsync);
    }

    /// <summary>The directory of the program, unpacked.</summary>
    public static string ProgramDirectory => Program.Value.GetAwaiter().GetResult();

    /// <summary>The archive, baton-VERSION-linux-x64.tar.gz, with its .sha256 file beside it.</summary>
    public async Task<string> PathAsync() => (await _first.Value).Archive;

    /// <summary>The .deb of the same release.</summary>
    public async Task<string> DebPathAsync() => (await _first.Value).Deb;

    /// <summary>The archive of release <see cref="NextVersion"/>.</summary>
    public async Task<string> NextPathAsync() => (await _next.Value).Archive;

    /// <summary>The .deb of release <see cref="NextVersion"/>.</summary>
    public async Task<string> NextDebPathAsync() => (await _next.Value).Deb;

    /// <summary>The directory of its program, unpacked.</summary>
    public Task<string> NextProgramAsync() => _nextProgram.Value;

    /// <summary>That release once more: archive and .deb, from this directory.</summary>
    internal Task<Release> BuiltAgainAsync() => _again.Value;

    /// <summary>Builds before any test's time runs. If it fails, that is the failure of each test that asks for it.</summary>
    public async ValueTask InitializeAsync() => await Task.WhenAny(Program.Value);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Scratch, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<string> UnpackAsync(Lazy<Task<Release>> release, string name)
    {
        var directory = Path.Combine(Scratch, name);
        await (await release.Value).UnpackAsync(directory);
        return directory;
    }

    private static async Task<Release> NextAsync()
    {
        await First.Value; // has fetched the packages, if need be
        var copy = Path.Combine(Scratch, "copy of the tree");
        Copy(new DirectoryInfo(RepositoryFiles.Root), copy, ["src", "config", "deploy"]);
        return await Release.BuildAsync(copy, Path.Combine(Scratch, "other"), "--offline", "--version", NextVersion);
    }

    private async Task<Release> AgainAsync()
    {
        await _next.Value;
        return await Release.BuildAsync(RepositoryFiles.Root, Path.Combine(Scratch, "again"), "--offline", "--version", NextVersion);
    }

    private static void Copy(DirectoryInfo from, string to, string[]? only = null)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.GetFiles())
            file.CopyTo(Path.Combine(to, file.Name));
        foreach (var directory in from.GetDirectories().Where(directory => only?.Contains(directory.Name) ?? directory.Name is not ("bin" or "obj")))
            Copy(directory, Path.Combine(to, directory.Name));
    }
}
