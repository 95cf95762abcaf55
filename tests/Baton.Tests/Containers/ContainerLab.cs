using System.Diagnostics;
using System.Runtime.CompilerServices;
using Baton.Tests.Containers;
using Xunit;

[assembly: AssemblyFixture(typeof(ContainerLab))]

namespace Baton.Tests.Containers;

/// <summary>
/// A place where podman works and touches nothing outside, with the image that the Dockerfile at the root says. Made when the
/// first test needs it, for all of them; the base images are put together from this machine's own files, so that nothing is
/// fetched but packages that the build restores anyway.
/// </summary>
public sealed class ContainerLab : IAsyncLifetime
{
    public const string Image = "localhost/baton-test";

    private const string SdkImage = "mcr.microsoft.com/dotnet/sdk:10.0-noble-aot";
    private const string RuntimeImage = "mcr.microsoft.com/dotnet/runtime-deps:10.0-noble";
    private static readonly string[] Tools = ["podman", "buildah", "crun", "conmon", "setsid", "unshare", "nsenter", "ip", "tar", "dotnet", "gcc"];
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    // Of the SDK, what building a daemon has no use for: half of its size.
    private static readonly string[] LeftOut = ["*.nupkg", "FSharp", "TestHost*", "DotnetTools", "Microsoft.NET.Sdk.BlazorWebAssembly", "*.resources.dll", "*/ref/net*/*.xml"];

    private static readonly (string Name, string? Value)[] Settings =
    [
        ("CONTAINERS_CONF", "/run/containers.conf"),
        ("CONTAINERS_STORAGE_CONF", "/run/storage.conf"),
        ("BUILDAH_ISOLATION", "chroot"),
        ("DISABLE_HC_SYSTEMD", "true"), // There is no systemd inside whose timers could ask for the health.
    ];

    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _directory = Path.Combine("/var/tmp", $"baton-lab-{Guid.NewGuid():N}");
    private Process? _pod;
    private bool _isReady;

    /// <summary>Why there can be none here; null if there can.</summary>
    public static string? Missing
    {
        get
        {
            if (Environment.UserName != "root")
                return "Containers need root.";
            var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
            var missing = Tools.Where(tool => !directories.Any(directory => File.Exists(Path.Combine(directory, tool)))).ToList();
            return missing.Count > 0 ? $"Containers need {string.Join(", ", missing)}; .ci/run installs them." : null;
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Makes the place and builds the image, once; skips the test where that cannot be.</summary>
    public async Task ReadyAsync()
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        await _gate.WaitAsync();
        try
        {
            if (!_isReady)
                await MakeAsync();
            _isReady = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs a command inside; fails if it does.</summary>
    /// <returns>Its output.</returns>
    public async Task<string> RunAsync(params IReadOnlyList<string> command)
    {
        var (exitCode, output) = await TryAsync(command);
        return exitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {exitCode}:{Environment.NewLine}{output}");
    }

    /// <summary>Runs a command inside.</summary>
    /// <returns>Its exit code, and what it printed.</returns>
    public Task<(int ExitCode, string Output)> TryAsync(params IReadOnlyList<string> command)
    {
        var init = File.ReadAllText(Path.Combine(_directory, "init")).Trim();
        return RunOutsideAsync(["nsenter", "-t", init, "-m", "-n", "-p", "-C", "bash", "-c", "echo 0 >/sys/fs/cgroup/cgroup.procs; exec \"$@\"", "-", .. command]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_pod is not null)
        {
            _pod.StandardInput.Close(); // Everything inside ends with it.
            using var limit = new CancellationTokenSource(Deadline);
            await _pod.WaitForExitAsync(limit.Token);
            _pod.Dispose();
        }
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
        _gate.Dispose();
    }

    private static string Script(string name, [CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, name);

    private async Task MakeAsync()
    {
        Directory.CreateDirectory(_directory);
        // In a session of its own it outlives tests that are killed with all their group, and cleans up.
        _pod = Process.Start(new ProcessStartInfo("setsid", ["--wait", Script("pod.sh"), _directory]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        var failure = _pod.StandardError.ReadToEndAsync();
        var start = TimeProvider.System.GetTimestamp();
        while (!File.Exists(Path.Combine(_directory, "init")))
        {
            if (_pod.HasExited || TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(20))
                throw new InvalidOperationException($"The namespaces could not be made: {(_pod.HasExited ? await failure : "no answer")}");
            await Task.Delay(10);
        }

        await ImportAsync("runtime-deps", RuntimeImage, ["ENV APP_UID=1654", "ENV DOTNET_RUNNING_IN_CONTAINER=true"]);
        await ImportAsync("sdk", SdkImage, ["ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", "ENV HOME=/root"]);
        await RunAsync("podman", "build", "--layers=false", "--pull=never", "--format", "docker", "--tag", Image, RepositoryFiles.Root);
        await RunAsync("podman", "rmi", SdkImage);
    }

    private async Task ImportAsync(string name, string image, IReadOnlyList<string> changes)
    {
        var root = Path.Combine(_directory, name);
        await SucceedOutsideAsync(Script("base-image.sh"), root, name);
        if (name == "sdk")
            await AddPackagesAsync(root);
        var archive = Path.Combine(_directory, $"{name}.tar");
        await SucceedOutsideAsync(["tar", "-C", root, .. LeftOut.Select(pattern => $"--exclude={pattern}"), "-cf", archive, "."]);
        await RunAsync(["podman", "import", "--quiet", .. changes.SelectMany(change => new[] { "--change", change }), archive, image]);
        Directory.Delete(root, recursive: true);
        File.Delete(archive);
    }

    // A build inside has no network: what the Dockerfile restores is there before, from the packages that this machine has, or
    // gets as every restore does.
    private async Task AddPackagesAsync(string root)
    {
        var home = Path.Combine(root, "root/.nuget");
        Directory.CreateDirectory(Path.Combine(home, "NuGet"));
        await File.WriteAllTextAsync(
            Path.Combine(home, "NuGet/NuGet.Config"),
            """<configuration><packageSources><clear /><add key="here" value="/root/.nuget/packages" /></packageSources></configuration>""");
        string[] restore = ["dotnet", "restore", Path.Combine(RepositoryFiles.Root, "src/Baton"), "--use-current-runtime", "--artifacts-path", Path.Combine(_directory, "restore")];
        await SucceedOutsideAsync(restore);
        var packages = (await SucceedOutsideAsync("dotnet", "nuget", "locals", "global-packages", "--list")).Split(": ", 2)[1].Trim();
        await SucceedOutsideAsync([.. restore, "--force", "-p:NuGetAudit=false", "--source", packages, "--packages", Path.Combine(home, "packages")]);
    }

    private static async Task<string> SucceedOutsideAsync(params IReadOnlyList<string> command)
    {
        var (exitCode, output) = await RunOutsideAsync(command);
        return exitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {exitCode}:{Environment.NewLine}{output}");
    }

    private static async Task<(int ExitCode, string Output)> RunOutsideAsync(IReadOnlyList<string> command)
    {
        var run = await ProgramRun.OfAsync(command, Deadline, Settings, directory: "/");
        return (run.ExitCode, run.Output + run.Errors);
    }
}
