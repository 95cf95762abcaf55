using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Baton.Tests.Daemon;

/// <summary>One look at a process through /proc (proc(5)), whoever its parent is.</summary>
/// <param name="Pid">Its pid.</param>
/// <param name="State">R, S, D, T, Z …</param>
/// <param name="ParentPid">Its parent; 1 for a successor.</param>
/// <param name="Threads">How many it has.</param>
/// <param name="StartTime">In clock ticks since boot; with the pid it names a process for good.</param>
public sealed partial record ProcessState(int Pid, char State, int ParentPid, int Threads, long StartTime)
{
    /// <summary>It runs no more; nobody may have reaped it yet, and in some containers nobody will.</summary>
    public bool Exited => State is 'Z' or 'X';

    /// <summary>SIGSTOP has taken effect, in every thread.</summary>
    public bool IsStopped => State is 'T';

    /// <summary>Its terminal is its process group's at this moment: what is typed there is for it.</summary>
    public bool IsInForeground => Text($"/proc/{Pid}/stat") is { } text && Fields(text) is var fields && fields[2] == fields[5];

    /// <summary>Resident memory in bytes, exact (VmRSS of status is counted per CPU and lags behind).</summary>
    public long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{Pid}/smaps_rollup").First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The scheduling policy of each thread; 0 is the ordinary one, 3 is SCHED_BATCH.</summary>
    public IReadOnlyList<int> Policies => [.. TextsOfThreads("stat").Select(text => Number(Fields(text)[38]))];

    /// <summary>How long each thread may compute before others have their turn, in nanoseconds.</summary>
    public IReadOnlyList<long> Slices =>
        [.. LinesOfThreads("sched", "se.slice ").Select(line => long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture))];

    /// <summary>On which processors each thread may run, as <c>0-1,3</c>.</summary>
    public IReadOnlyList<string> Processors =>
        [.. LinesOfThreads("status", "Cpus_allowed_list:").Select(line => line.Split('\t')[1])];

    /// <summary>Null if there is no such process.</summary>
    public static ProcessState? Read(int pid) =>
        Text($"/proc/{pid}/stat") is { } text && Fields(text) is var fields
            ? new ProcessState(pid, fields[0][0], Number(fields[1]), Number(fields[17]), long.Parse(fields[19], CultureInfo.InvariantCulture))
            : null;

    /// <summary>Every process that has <paramref name="assignment"/> (NAME=value) in its environment and has not exited.</summary>
    public static IReadOnlyList<ProcessState> WithEnvironment(string assignment)
    {
        var wanted = Encoding.UTF8.GetBytes(assignment);
        var found = new List<ProcessState>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid)
                && HasEnvironment(pid, wanted) && Read(pid) is { Exited: false } process)
            {
                found.Add(process);
            }
        }
        return found;
    }

    /// <summary>The children of a process, those that nobody has reaped included.</summary>
    public static IReadOnlyList<ProcessState> ChildrenOf(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) ? Read(pid) : null)
            .OfType<ProcessState>()
            .Where(process => process.ParentPid == parent),
    ];

    /// <summary>Sends a signal to exactly this process; false if it is gone or its pid names another one now.</summary>
    public bool Send(Signo signo)
    {
        if (Read(Pid) is not { Exited: false } now || now.StartTime != StartTime)
            return false;
        return Kill(Pid, (int)signo) == 0;
    }

    private static bool HasEnvironment(int pid, byte[] assignment)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/environ").AsSpan().IndexOf(assignment) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone, or another user's.
            return false;
        }
    }

    // Of each the line that begins like this.
    private IEnumerable<string> LinesOfThreads(string file, string start) =>
        TextsOfThreads(file).Select(text => text.Split('\n').First(line => line.StartsWith(start, StringComparison.Ordinal)));

    private IEnumerable<string> TextsOfThreads(string file) =>
        Directory.GetDirectories($"/proc/{Pid}/task").Select(thread => Text($"{thread}/{file}")).OfType<string>();

    // From the state on. The name in parentheses may hold anything; what follows the last one is numbers.
    private static string[] Fields(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

    // Null if there is no such process or thread.
    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signo);
}
