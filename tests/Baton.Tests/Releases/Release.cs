namespace Baton.Tests.Releases;

/// <summary>A release as deploy/build.sh makes it.</summary>
/// <param name="Archive">The path of baton-VERSION-linux-x64.tar.gz; its .sha256 file lies beside it.</param>
/// <param name="Deb">The path of the .deb.</param>
internal sealed record Release(string Archive, string Deb)
{
    // A native program takes both processors for minutes; other tests go first.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>Runs deploy/build.sh of a tree.</summary>
    /// <param name="tree">The repository, or a copy of it.</param>
    /// <param name="output">The directory that takes the release, and what the next run can use again.</param>
    /// <param name="options">Further options.</param>
    public static async Task<Release> BuildAsync(string tree, string output, params string[] options)
    {
        // A copy is no checkout and has to be told.
        var repository = RepositoryFiles.Root;
        var time = tree == repository ? null : (await ProgramRun.OutputOfAsync(["git", "-C", repository, "log", "-1", "--format=%ct"])).Trim();
        Directory.CreateDirectory(output);
        var lines = await ProgramRun.OutputOfAsync(
            ["flock", output, "nice", "-n", "5", Path.Combine(tree, "deploy/build.sh"), "--deb", "--output", output, .. options],
            Patience,
            [("SOURCE_DATE_EPOCH", time)]);
        var built = lines.TrimEnd().Split('\n');
        return new Release(built[^2], built[^1]);
    }

    /// <summary>Unpacks the program.</summary>
    /// <param name="directory">Where to; made if need be.</param>
    public async Task UnpackAsync(string directory)
    {
        Directory.CreateDirectory(directory);
        await ProgramRun.OutputOfAsync(["tar", "-xzf", Archive, "-C", directory, "--strip-components=2", "--wildcards", "*/baton/*"]);
    }
}
