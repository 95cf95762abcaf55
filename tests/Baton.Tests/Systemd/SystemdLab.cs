using System.Diagnostics;
using Baton.Tests.Releases;
using Baton.Tests.Systemd;
using Xunit;

[assembly: AssemblyFixture(typeof(SystemdLab))]

namespace Baton.Tests.Systemd;

/// <summary>
/// A real systemd in namespaces of its own (tests/Lab/systemd-lab.sh), with the release installed as its archive's install.sh
/// does it. Booted once, and only if a test asks. It shares the network, so that clients reach the service on 127.0.0.1.
/// </summary>
public sealed class SystemdLab : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("baton-lab-").FullName;
    private readonly SemaphoreSlim _booting = new(1, 1);
    private Process? _lab;
    private string? _init;

    /// <summary>Why there can be none here; null if there can.</summary>
    public static string? Missing =>
        Environment.UserName != "root" ? "A systemd needs root."
        : !File.Exists("/lib/systemd/systemd") ? "systemd is not installed."
        : null;

    /// <summary>The root directory of the lab, seen from here.</summary>
    public string Root => $"/proc/{_init}/root";

    /// <summary>Boots it and installs the release, unless that is done.</summary>
    public async Task BootAsync(ReleaseArchive archive, CancellationToken cancellationToken)
    {
        await _booting.WaitAsync(cancellationToken);
        try
        {
            if (_lab is null)
                await BootOnceAsync(archive, cancellationToken);
        }
        finally
        {
            _booting.Release();
        }
    }

    /// <summary>Runs a command in it, and returns what it wrote to both outputs; it must succeed.</summary>
    public async Task<string> RunAsync(params string[] command)
    {
        var (code, output) = await TryAsync(command);
        return code == 0 ? output : throw new InvalidOperationException($"'{string.Join(' ', command)}' ended with {code} in the lab:{Environment.NewLine}{output}");
    }

    /// <summary>Runs a command in it, and returns its exit code and what it wrote.</summary>
    public async Task<(int Code, string Output)> TryAsync(params string[] command)
    {
        var run = await ProgramRun.OfAsync(["nsenter", "-t", _init!, "-m", "-p", "-i", "-u", "-C", "-r", "-w", .. command]);
        return (run.ExitCode, run.Output + run.Errors);
    }

    /// <summary>Waits for any condition.</summary>
    public static async Task WaitAsync(Func<Task<bool>> condition, string what, Func<Task<string>> explain, TimeSpan? deadline = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > (deadline ?? Deadline))
                Assert.Fail($"{what}: not within {(deadline ?? Deadline).TotalSeconds} s.{Environment.NewLine}{await explain()}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await ProgramRun.OfAsync(["kill", "-RTMIN+4", _init!]);
            using var limit = new CancellationTokenSource(Deadline);
            try
            {
                await _lab.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                await ProgramRun.OfAsync(["kill", "-KILL", _init!]);
            }

            _lab.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
        _booting.Dispose();
    }

    private async Task BootOnceAsync(ReleaseArchive archive, CancellationToken cancellationToken)
    {
        var release = await archive.PathAsync();
        var lab = Process.Start(new ProcessStartInfo("bash", [Path.Combine(RepositoryFiles.Tests, "Lab/systemd-lab.sh"), _directory]) { RedirectStandardInput = true })!;
        lab.StandardInput.Close();
        var init = Path.Combine(_directory, "init");
        await WaitAsync(() => Task.FromResult(File.Exists(init) && File.ReadAllText(init).EndsWith('\n')), "systemd starts", () => Task.FromResult(""));
        _init = (await File.ReadAllTextAsync(init, cancellationToken)).Trim();
        _lab = lab;
        await WaitAsync(
            async () => (await TryAsync("systemctl", "is-system-running")).Output.Trim() is "running" or "degraded",
            "systemd has booted",
            async () => (await TryAsync("systemctl", "--no-pager", "--failed")).Output);

        // Where an image was made of the machine, it may forbid packages to start services.
        await RunAsync("rm", "-f", "/usr/sbin/policy-rc.d");
        await RunAsync("mkdir", "-p", "/opt/archive");
        File.Copy(release, $"{Root}/opt/archive/baton.tar.gz");
        await RunAsync("tar", "-xzf", "/opt/archive/baton.tar.gz", "-C", "/opt/archive", "--strip-components=1");
        await RunAsync("/opt/archive/install.sh");
    }
}
