using System.Diagnostics;
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
        var info = new ProcessStartInfo("dotnet",
        [
            "build", Path.GetFullPath(Path.Combine(RepositoryFiles.Config, "../src/Baton/Baton.csproj")), "-c", "Release", $"-p:Version={Version}", "--artifacts-path", _artifacts,
            "--disable-build-servers", // or they would outlive the tests
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Under `dotnet test` those of the outer build would lead the inner one astray.
        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            info.Environment.Remove(name);

        using var build = Process.Start(info)!;
        using var limit = new CancellationTokenSource(Deadline);
        var output = build.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = build.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await build.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            build.Kill(entireProcessTree: true);
            throw new TimeoutException($"The build of release {Version} took more than {Deadline}:{Environment.NewLine}{await output}{await errors}");
        }
        if (build.ExitCode != 0)
            throw new InvalidOperationException($"The build of release {Version} failed:{Environment.NewLine}{await output}{await errors}");
        return Path.Combine(_artifacts, "bin", "Baton", "release");
    }
}
