using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Terminals;

/// <summary>
/// An interactive bash at a pseudo-terminal of its own, made by script(1), in which the daemon is started by hand; whatever
/// both print is the terminal's text.
/// </summary>
internal sealed partial class ShellSession : IAsyncDisposable
{
    public const string CtrlC = "\u0003";
    public const string CtrlZ = "\u001a";
    public const string CtrlBackslash = "\u001c";

    private const string MarkName = "TESTS_TERMINAL_MARK";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly string _mark = $"{MarkName}={Guid.NewGuid():N}";
    private readonly string _directory = Directory.CreateTempSubdirectory("baton-terminal-").FullName;
    private readonly StringBuilder _text = new();
    private readonly Lock _gate = new();
    private readonly HttpClient _client = new() { Timeout = Deadline };
    private readonly Process _script;
    private readonly Thread _reader;
    private int _read;

    private ShellSession(Backend backend)
    {
        Backend = backend;
        new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200").ForwardTo(backend.Address).WriteTo(ConfigFile);
        var settings = Path.Combine(_directory, "bashrc");
        File.WriteAllText(settings, "PS1='ready> '\n");
        var info = new ProcessStartInfo("script", ["--quiet", "--flush", "--command", $"bash --noprofile --rcfile {settings} --noediting -i", "/dev/null"])
        {
            WorkingDirectory = _directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        info.Environment["SHELL"] = "/bin/bash";
        info.Environment["XDG_RUNTIME_DIR"] = _directory;
        info.Environment["BATON"] = string.Join(' ', DaemonExecutable.Command);
        info.Environment["CONFIG"] = ConfigFile;
        info.Environment[MarkName] = _mark[(MarkName.Length + 1)..];
        _script = Process.Start(info)!;
        _reader = new Thread(Read) { IsBackground = true, Name = "terminal" };
        _reader.Start();
    }

    public Backend Backend { get; }

    public string ConfigFile => Path.Combine(_directory, "baton.json");

    /// <summary>For the environment of commands outside of the terminal.</summary>
    public string RuntimeDirectory => _directory;

    /// <summary>Without colours and other control sequences; ECMA-48, 5.4.</summary>
    public string Text
    {
        get { lock (_gate) return ControlSequence().Replace(_text.ToString(), ""); }
    }

    /// <summary>The pid to signal, by the daemon's banner.</summary>
    public int Constant => Number(Steering().Match(Text).Groups[1]);

    public int Port => Number(Listening().Match(Text).Groups[1]);

    /// <summary>The generations that said they are ready.</summary>
    public IReadOnlyList<int> Generations => [.. Ready().Matches(Text).Select(match => Number(match.Groups[1]))];

    public static async Task<ShellSession> StartAsync()
    {
        var session = new ShellSession(await Backend.StartAsync(cancellationToken: TestContext.Current.CancellationToken));
        try
        {
            await session.WaitForAsync("ready> ");
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>A session in which the daemon was started, with "&amp;" in the background.</summary>
    public static async Task<ShellSession> ServeAsync(string suffix = "")
    {
        var session = await StartAsync();
        try
        {
            await session.TypeAsync($"$BATON run --config $CONFIG {suffix}\n");
            await session.WaitUntilAsync(() => session.Generations.Count == 1 && Listening().IsMatch(session.Text), "serve");
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task TypeAsync(string keys)
    {
        await _script.StandardInput.WriteAsync(keys);
        await _script.StandardInput.FlushAsync();
    }

    /// <summary>Waits for a text after the one that was waited for last.</summary>
    public async Task WaitForAsync(string text)
    {
        var from = _read;
        await WaitUntilAsync(() => Text.IndexOf(text, from, StringComparison.Ordinal) >= 0, $"show '{text}'");
        _read = Text.IndexOf(text, from, StringComparison.Ordinal) + text.Length;
    }

    /// <summary>Lets the shell say a value, such as <c>$?</c>, and waits until it is the one wanted.</summary>
    public async Task ExpectAsync(string expression, string value)
    {
        await TypeAsync($"echo \"<{expression}>\"\n");
        await WaitForAsync($"<{value}>");
    }

    public async Task WaitUntilAsync(Func<bool> condition, string toDo)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Deadline)
                throw new TimeoutException($"The terminal did not {toDo} within {Deadline.TotalSeconds} s. Its text:{Environment.NewLine}{Text}");
            await Task.Delay(10);
        }
    }

    /// <summary>Upgrades by the constant process's pid, and waits until one generation is left.</summary>
    public async Task UpgradeAsync()
    {
        var generations = Generations.Count;
        Assert.True(ProcessState.Read(Constant)!.Send(Signo.SIGHUP));
        await WaitUntilAsync(() => Generations.Count > generations && DaemonPids().Count == 2, "upgrade");
    }

    public Task<string> GetAsync(string path) => _client.GetStringAsync(new Uri($"http://127.0.0.1:{Port}{path}"));

    /// <summary>Begins a request that the backend answers later, and waits until it is in flight.</summary>
    public async Task<Task<string>> BeginSlowAsync(int milliseconds)
    {
        var slow = GetAsync($"/slow?ms={milliseconds}&id=slow");
        await Backend.WaitForInFlightAsync(1, TestContext.Current.CancellationToken);
        return slow;
    }

    /// <summary>Takes the terminal away: its other end is closed.</summary>
    public void Close() => _script.Kill();

    /// <summary>The processes of the daemon that live.</summary>
    public IReadOnlyList<ProcessState> DaemonPids() => [.. ProcessState.WithEnvironment(_mark).Where(IsDaemon)];

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _script.Kill();
        await _script.WaitForExitAsync();
        var start = TimeProvider.System.GetTimestamp();
        while (ProcessState.WithEnvironment(_mark) is { Count: > 0 } live && TimeProvider.System.GetElapsedTime(start) < Deadline)
        {
            foreach (var process in live)
                process.Send(Signo.SIGKILL);
            await Task.Delay(10);
        }
        _reader.Join(TimeSpan.FromSeconds(5));
        _script.Dispose();
        await Backend.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static bool IsDaemon(ProcessState process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Pid}/cmdline").StartsWith(string.Join('\0', DaemonExecutable.Command), StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    private void Read()
    {
        var characters = new char[4096];
        while (_script.StandardOutput.Read(characters) is > 0 and var count)
        {
            lock (_gate)
                _text.Append(characters, 0, count);
        }
    }

    [GeneratedRegex(@"\e(\[[0-9;?]*[@-~]?|[=>])?")]
    private static partial Regex ControlSequence();

    [GeneratedRegex(@"kill -HUP (\d+)")]
    private static partial Regex Steering();

    [GeneratedRegex(@"listening on +http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"Generation \d+ \(pid (\d+), version [^)]+\) is ready")]
    private static partial Regex Ready();
}
