using System.Globalization;
using System.Text.RegularExpressions;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Containers;

/// <summary>
/// A container of the image, in the test's own network, with a read-only root and without any capability. Its processes are
/// seen and signalled from outside, by a mark in their environment.
/// </summary>
internal sealed partial class Container : IAsyncDisposable
{
    private const string MarkName = "TESTS_CONTAINER_MARK";

    private readonly ContainerLab _lab;
    private readonly string _mark = Guid.NewGuid().ToString("N");

    private Container(ContainerLab lab, ConfigBuilder config)
    {
        _lab = lab;
        Name = $"baton-{_mark}";
        Configuration = Directory.CreateTempSubdirectory("baton-container-").FullName;
        // The user inside is another one.
        File.SetUnixFileMode(Configuration, (UnixFileMode)0x1ED);
        config.WriteTo(Path.Combine(Configuration, "baton.json"));
    }

    public string Name { get; }

    /// <summary>The directory that is /etc/baton inside.</summary>
    public string Configuration { get; }

    /// <summary>PID 1, as it is numbered outside.</summary>
    public ProcessState Constant => Processes().MinBy(process => process.StartTime)!;

    public IReadOnlyList<ProcessState> Generations => [.. Processes().Where(process => process.ParentPid == Constant.Pid)];

    /// <summary>Starts one and waits until generation 1 serves.</summary>
    public static async Task<Container> StartAsync(ContainerLab lab, ConfigBuilder config, params IReadOnlyList<string> options)
    {
        await lab.ReadyAsync();
        var container = new Container(lab, config);
        try
        {
            // Docker mounts nothing over the directories that podman would make writable.
            await lab.RunAsync([
                "podman", "run", "--detach", "--name", container.Name, "--network", "ns:/run/outer-network", "--read-only", "--read-only-tmpfs=false", "--cap-drop", "ALL",
                "--volume", $"{container.Configuration}:/etc/baton:ro", "--env", $"{MarkName}={container._mark}", .. options, ContainerLab.Image]);
            await container.WaitForReadyAsync(1);
            await container.WaitAsync(async () => Listening().IsMatch(await container.LogAsync()), "announce its address");
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    public Task<string> LogAsync() => _lab.RunAsync("podman", "logs", Name);

    public async Task<int> PortAsync() => int.Parse(Listening().Match(await LogAsync()).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>Waits until as many generations have said that they are ready.</summary>
    public Task WaitForReadyAsync(int count) =>
        WaitAsync(async () => Ready().Count(await LogAsync()) >= count, string.Create(CultureInfo.InvariantCulture, $"have {count} generations ready"));

    /// <summary>Upgrades with <c>podman kill -s HUP</c>, and waits until the next generation is alone.</summary>
    public async Task UpgradeAsync()
    {
        var ready = Ready().Count(await LogAsync());
        await _lab.RunAsync("podman", "kill", "--signal", "HUP", Name);
        await WaitForReadyAsync(ready + 1);
        await WaitForOneGenerationAsync();
    }

    public Task WaitForOneGenerationAsync() => WaitAsync(() => Task.FromResult(Generations.Count == 1), "be down to one generation");

    /// <summary>Runs a command inside.</summary>
    public Task<(int ExitCode, string Output)> ExecAsync(params IReadOnlyList<string> command) => _lab.TryAsync(["podman", "exec", Name, .. command]);

    public Task<(int ExitCode, string Output)> TryAsync(string verb, params IReadOnlyList<string> options) => _lab.TryAsync(["podman", verb, .. options, Name]);

    public async Task<string> InspectAsync(string format) => (await _lab.RunAsync("podman", "inspect", "--format", format, Name)).Trim();

    /// <summary>Waits until it has ended, and returns its exit code.</summary>
    public async Task<int> ExitCodeAsync() => int.Parse(await _lab.RunAsync("podman", "wait", Name), CultureInfo.InvariantCulture);

    /// <summary>Every live process of the container that a generation or PID 1 has started.</summary>
    public IReadOnlyList<ProcessState> Processes() => ProcessState.WithEnvironment($"{MarkName}={_mark}");

    public async Task WaitAsync(Func<Task<bool>> condition, string toDo)
    {
        var limit = TimeSpan.FromSeconds(30);
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > limit)
                throw new TimeoutException($"The container did not {toDo} within {limit.TotalSeconds} s. Its log:{Environment.NewLine}{await LogAsync()}");
            await Task.Delay(50);
        }
    }

    /// <summary>Fails on every warning and error of its log.</summary>
    public async Task AssertNoWarningsAsync() =>
        Assert.DoesNotContain(Warning().Matches(await LogAsync()), warning => !DaemonLogPatterns.Standstill().IsMatch(warning.Value));

    public async ValueTask DisposeAsync()
    {
        await _lab.TryAsync("podman", "rm", "--force", "--volumes", "--time", "1", Name);
        Directory.Delete(Configuration, recursive: true);
    }

    [GeneratedRegex(@"Generation \d+ \(pid \d+, version [^)]+\) is ready")]
    private static partial Regex Ready();

    [GeneratedRegex(@"listening on +http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"^\[\d\d:\d\d:\d\d\.\d{3} (WRN|ERR|FTL)\].*$", RegexOptions.Multiline)]
    private static partial Regex Warning();
}
