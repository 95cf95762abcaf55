using Baton.Tests.Releases;
using Xunit;

[assembly: AssemblyFixture(typeof(ReleaseBuild))]

namespace Baton.Tests.Releases;

/// <summary>Another release of the daemon, built from the same sources under another version, once and only if a test asks.</summary>
public sealed class ReleaseBuild : IDisposable
{
    public const string Version = "9.9.9";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly string _artifacts = Directory.CreateTempSubdirectory("baton-release-").FullName;
    private readonly Lazy<Task<string>> _directory;

    public ReleaseBuild() => _directory = new Lazy<Task<string>>(BuildAsync);

    /// <summary>The directory of the release.</summary>
    public Task<string> DirectoryAsync() => _directory.Value;

    public void Dispose() => Directory.Delete(_artifacts, recursive: true);

    private async Task<string> BuildAsync()
    {
        string[] command =
        [
            "dotnet", "build", Path.GetFullPath(Path.Combine(RepositoryFiles.Config, "../src/Baton/Baton.csproj")), "-c", "Release", $"-p:Version={Version}", "--artifacts-path", _artifacts,
            "--disable-build-servers", // or they would outlive the tests
        ];
        var build = await ProgramRun.OfAsync(command, Deadline, []);
        if (build.ExitCode != 0)
            throw new InvalidOperationException($"The build of release {Version} failed: {build}");
        return Path.Combine(_artifacts, "bin", "Baton", "release");
    }
}
