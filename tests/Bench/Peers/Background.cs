using System.Globalization;
using Baton.Bench.Measuring;

namespace Baton.Bench.Peers;

/// <summary>
/// A program that runs until it is stopped, with all that it starts, in a session of its own: by that its processes are found,
/// orphans and the successors of upgrades too.
/// </summary>
internal sealed class Background : IAsyncDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    private readonly string _log;

    private Background(int session, string log) => (Session, _log) = (session, log);

    /// <summary>The id of the session, and of the first process.</summary>
    public int Session { get; }

    public IReadOnlyList<ProcessStat> Processes => ProcessStat.OfSession(Session);

    public IEnumerable<ProcessStat> Running => Processes.Where(process => !process.HasEnded);

    /// <summary>Whether the first process has ended, or was killed.</summary>
    public bool HasEnded => ProcessStat.Read(Session) is not { HasEnded: false };

    /// <summary>Processor time of all its processes, also of those that have ended.</summary>
    public double ProcessorSeconds => Processes.Sum(process => process.OwnSeconds + process.ReapedSeconds);

    /// <param name="command">What is started, with nothing to read.</param>
    /// <param name="log">The file that gets its output and errors.</param>
    /// <param name="environment">Variables beyond ours, as in "A=B".</param>
    public static async Task<Background> StartAsync(IReadOnlyList<string> command, string log, IReadOnlyList<string> environment)
    {
        // The shell ends at once, and what it has started becomes our child, prctl(2); but none that .NET knows of, and would
        // reap when it ends.
        const string Script = """log=$1; shift; setsid env "$@" > "$log" 2>&1 < /dev/null & echo $!""";
        var text = await Tool.OutputAsync(["sh", "-c", Script, "sh", log, .. environment, .. command]);
        var background = new Background(int.Parse(text, CultureInfo.InvariantCulture), log);

        // Until setsid has run, its processes would not be found, and not be stopped.
        for (var wait = 0; wait < 1000 && ProcessStat.Read(background.Session) is { } stat && stat.Session != stat.Id; wait++)
            await Task.Delay(1);
        return background;
    }

    /// <summary>The last lines that it wrote, for the message of a failure.</summary>
    public string LastWords() => string.Join('\n', File.ReadAllLines(_log).TakeLast(10));

    /// <summary>Memory of all its processes, each page shared out among those that have it: smaps_rollup, proc_pid_smaps(5).</summary>
    public double PssMegabytes() => Running.Sum(process => Pss(process.Id)) / 1024;

    public async ValueTask DisposeAsync()
    {
        var deadline = DateTime.UtcNow + EndTimeout;
        while (Running.Any() && DateTime.UtcNow < deadline)
        {
            foreach (var process in Running)
                Native.Kill(process.Id, Native.SIGKILL);
            await Task.Delay(20);
        }

        foreach (var process in Processes.Where(process => process.HasEnded && process.Parent == Environment.ProcessId))
            Native.Reap(process.Id);
    }

    private static double Pss(int pid)
    {
        try
        {
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/smaps_rollup")).FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // It has ended meanwhile.
        }
    }
}
