using System.Diagnostics;
using Xunit;

namespace Baton.Tests.Daemon;

/// <summary>
/// The real daemon with all its generations, driven by real signals. Generation 1 is a child of the test, the others are
/// not; what they share is the output, and a mark in their environment by which all of them are found and ended.
/// </summary>
public sealed class DaemonProcess : IAsyncDisposable
{
    private const string MarkName = "TESTS_DAEMON_MARK";

    // One look at /proc is no snapshot: a process that starts another and exits meanwhile can hide both.
    private const int SureLooks = 5;
    private readonly string _mark = $"{MarkName}={Guid.NewGuid():N}";
    private readonly TimeSpan _patience;
    private readonly Process _first;
    private readonly Thread[] _readers;

    private DaemonProcess(ConfigBuilder config, DaemonStart start)
    {
        _patience = start.Patience;
        TemporaryDirectory = Directory.CreateTempSubdirectory("baton-test-").FullName;
        ConfigFile = Path.Combine(TemporaryDirectory, "baton.json");
        config.WriteTo(ConfigFile);

        var command = start.Command ?? DaemonExecutable.Command;
        var arguments = start.Arguments.Select(argument => argument.Replace("{config}", ConfigFile, StringComparison.Ordinal));
        var info = new ProcessStartInfo(command[0], [.. command.Skip(1), .. arguments])
        {
            WorkingDirectory = start.WorkingDirectory ?? TemporaryDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The admin sockets of a hundred daemons, of which some get SIGKILL, are not to be left in /tmp.
        info.Environment["XDG_RUNTIME_DIR"] = TemporaryDirectory;
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;
        info.Environment[MarkName] = _mark[(MarkName.Length + 1)..];

        _first = Process.Start(info)!;
        _first.StandardInput.Close();
        // Threads of their own: reads of a pipe block, and a hundred daemons at once would starve the pool.
        _readers = [Read(_first.StandardOutput, isOutput: true), Read(_first.StandardError, isOutput: false)];
    }

    public DaemonLog Log { get; } = new();

    public string TemporaryDirectory { get; }

    /// <summary>The configuration file; <see cref="ConfigBuilder.WriteTo"/> changes it.</summary>
    public string ConfigFile { get; }

    /// <summary>The one admin socket below the runtime directory that the daemon was given.</summary>
    public string AdminSocket => Directory.GetFiles(Path.Combine(TemporaryDirectory, "baton"), "*.sock").Single();

    /// <summary>The pid of the process that was started here.</summary>
    public int FirstPid => _first.Id;

    /// <summary>The ports of the banner's TCP addresses, in that order.</summary>
    public IReadOnlyList<int> Ports =>
        [.. Log.Addresses.Where(address => address.StartsWith("http", StringComparison.Ordinal)).Select(address => new Uri(address).Port).Where(port => port > 0)];

    /// <summary>The first port of the banner.</summary>
    public int Port => Ports[0];

    /// <summary>The newest generation that is ready and alive: after a rollback, the one that resumed.</summary>
    public Generation Current =>
        LiveGenerations() is { Count: > 0 } live ? live[^1] : throw Fault("No generation is alive");

    /// <summary>Starts the daemon and waits until generation 1 is ready and its banner complete.</summary>
    public static async Task<DaemonProcess> StartAsync(ConfigBuilder config, DaemonStart? start = null)
    {
        start ??= new DaemonStart();
        var daemon = Launch(config, start);
        try
        {
            await daemon.WaitForGenerationAsync(1, start.Deadline);
            await daemon.WaitAsync(() => daemon.Log.Addresses.Count >= start.Listeners, $"announce {start.Listeners} addresses", start.Deadline);
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the daemon and waits for nothing.</summary>
    public static DaemonProcess Launch(ConfigBuilder config, DaemonStart? start = null) => new(config, start ?? new DaemonStart());

    /// <summary>Waits until a generation with this number, or a later one, is ready; returns it.</summary>
    public async Task<Generation> WaitForGenerationAsync(int number, TimeSpan? deadline = null)
    {
        await WaitAsync(() => Log.Generations.Any(generation => generation.Number >= number), $"have generation {number} ready", deadline);
        return Log.Generations.Last(generation => generation.Number >= number);
    }

    /// <summary>Sends SIGHUP to the current generation and waits until its successor is ready; returns that.</summary>
    public async Task<Generation> UpgradeAsync(TimeSpan? deadline = null)
    {
        var ready = Log.Generations.Count;
        var current = Current;
        Signal(current.Pid, Signo.SIGHUP);
        await WaitAsync(() => Log.Generations.Count > ready, $"replace generation {current.Number} (pid {current.Pid})", deadline);
        return Log.Generations[ready];
    }

    /// <summary>Waits until a line of the output contains <paramref name="text"/>; returns the line.</summary>
    public async Task<string> WaitForLogAsync(string text, TimeSpan? deadline = null)
    {
        string? Find() => Log.Lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
        await WaitAsync(() => Find() is not null, $"write '{text}'", deadline);
        return Find()!;
    }

    /// <summary>Waits for any condition; the failure shows the whole log.</summary>
    public async Task WaitAsync(Func<bool> condition, string toDo, TimeSpan? deadline = null)
    {
        var limit = deadline ?? TimeSpan.FromSeconds(30);
        var start = TimeProvider.System.GetTimestamp();
        var empty = 0;
        for (var look = 1; !condition(); look++)
        {
            // All of /proc ten times a second is enough: an upgrade under load is measured meanwhile.
            if (look % 10 == 0)
                empty = LiveProcesses().Count == 0 ? empty + 1 : 0;
            if (TimeProvider.System.GetElapsedTime(start) > limit)
                throw Fault($"The daemon did not {toDo} within {limit.TotalSeconds} s");
            if (empty == SureLooks)
            {
                // What the last one wrote may still be in the pipe.
                await JoinReadersAsync();
                if (!condition())
                    throw Fault($"The daemon ended before it could {toDo}");
            }
            await Task.Delay(10);
        }
    }

    /// <summary>Sends a signal to a process of this daemon, and to no other.</summary>
    public void Signal(int pid, Signo signo)
    {
        var process = LiveProcesses().FirstOrDefault(process => process.Pid == pid);
        if (process is null || !process.Send(signo))
            throw Fault($"No live process of this daemon has the pid {pid}, so {signo} was not sent");
    }

    /// <summary>Waits until a process has exited, a child of the test or not, reaped or not.</summary>
    public async Task WaitForExitAsync(int pid, TimeSpan? deadline = null)
    {
        var startTime = Log.Generations.LastOrDefault(generation => generation.Pid == pid)?.StartTime;
        var limit = deadline ?? TimeSpan.FromSeconds(30);
        var start = TimeProvider.System.GetTimestamp();
        while (ProcessState.Read(pid) is { Exited: false } process && process.StartTime == (startTime ?? process.StartTime))
        {
            if (TimeProvider.System.GetElapsedTime(start) > limit)
                throw Fault($"The process {pid} did not exit within {limit.TotalSeconds} s");
            await Task.Delay(10);
        }
    }

    /// <summary>Waits until generation 1 has exited, and returns its exit code; 128 + n for signal n.</summary>
    public async Task<int> FirstExitCodeAsync(TimeSpan? deadline = null)
    {
        using var limit = new CancellationTokenSource(deadline ?? TimeSpan.FromSeconds(30));
        await _first.WaitForExitAsync(limit.Token);
        return _first.ExitCode;
    }

    /// <summary>The generations that were ready and have not exited, oldest first.</summary>
    public IReadOnlyList<Generation> LiveGenerations() =>
        [.. Log.Generations.Where(generation => ProcessState.Read(generation.Pid) is { Exited: false } process && process.StartTime == generation.StartTime)];

    /// <summary>Every live process of this daemon, ready or not, found by its environment.</summary>
    public IReadOnlyList<ProcessState> LiveProcesses() => ProcessState.WithEnvironment(_mark);

    /// <summary>Waits until exactly one process is left, and returns it.</summary>
    public async Task<ProcessState> WaitForOneProcessAsync(TimeSpan? deadline = null)
    {
        var alone = 0;
        IReadOnlyList<ProcessState> live = [];
        bool IsAlone()
        {
            live = LiveProcesses();
            alone = live.Count == 1 ? alone + 1 : 0;
            return alone == SureLooks;
        }
        await WaitAsync(IsAlone, "be down to one process", deadline);
        return live[0];
    }

    /// <summary>Fails on every warning, error and crash of which no text of <paramref name="announced"/> is a part.</summary>
    public void AssertNoUnexpectedWarnings(params string[] announced)
    {
        if (Log.UnexpectedWarnings(announced) is { Count: > 0 } unexpected)
            Assert.Fail($"The log has {unexpected.Count} warnings that the test did not announce:{Environment.NewLine}{string.Join(Environment.NewLine, unexpected)}{Environment.NewLine}The whole log:{Environment.NewLine}{Log}");
    }

    public async ValueTask DisposeAsync()
    {
        // SIGTERM may find one that is about to start another: so look again until none is left. A second SIGTERM ends
        // a daemon at once, so each gets only one; SIGKILL is for those that outlast the patience.
        var start = TimeProvider.System.GetTimestamp();
        var asked = new HashSet<int>();
        for (var empty = 0; empty < SureLooks && TimeProvider.System.GetElapsedTime(start) < _patience + TimeSpan.FromSeconds(5);)
        {
            var live = LiveProcesses();
            empty = live.Count == 0 ? empty + 1 : 0;
            var late = TimeProvider.System.GetElapsedTime(start) > _patience;
            foreach (var process in live.Where(process => late || asked.Add(process.Pid)))
            {
                process.Send(late ? Signo.SIGKILL : Signo.SIGTERM);
                // A stopped process takes its SIGTERM only when it goes on.
                process.Send(Signo.SIGCONT);
            }
            await Task.Delay(10);
        }
        await JoinReadersAsync();
        _first.Dispose();
        Directory.Delete(TemporaryDirectory, recursive: true);
    }

    private InvalidOperationException Fault(string what) => new($"{what}. Its output:{Environment.NewLine}{Log}");

    private Thread Read(StreamReader output, bool isOutput)
    {
        var thread = new Thread(() =>
        {
            while (output.ReadLine() is { } line)
                Log.Add(line, isOutput);
        })
        { IsBackground = true, Name = "daemon output" };
        thread.Start();
        return thread;
    }

    // End of file comes when the last process that holds the pipe is gone; one that escaped must not hang the tests.
    private async Task JoinReadersAsync()
    {
        foreach (var reader in _readers)
            await Task.Run(() => reader.Join(TimeSpan.FromSeconds(5)));
    }
}
