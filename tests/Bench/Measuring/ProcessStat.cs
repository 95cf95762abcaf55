using System.Globalization;

namespace Baton.Bench.Measuring;

/// <summary>What /proc/PID/stat says of a process; also of one that has ended and whose parent has not asked for its status.</summary>
/// <param name="Id">Its process id.</param>
/// <param name="State">R, S, D, Z …; proc_pid_stat(5).</param>
/// <param name="Parent">The process id of its parent.</param>
/// <param name="Session">The session that it belongs to; its descendants do, too, unless they ask for another.</param>
/// <param name="OwnSeconds">User and kernel time that it has used.</param>
/// <param name="ReapedSeconds">The same of its descendants that have ended and were waited for.</param>
public sealed record ProcessStat(int Id, char State, int Parent, int Session, double OwnSeconds, double ReapedSeconds)
{
    // USER_HZ, in which /proc counts; it is 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    // Counted from the ")" that ends the name; proc_pid_stat(5) counts from 1: 3 is state, 4 ppid, 6 session, 14 utime.
    private const int ParentField = 1;
    private const int SessionField = 3;
    private const int UserTimeField = 11;

    public bool HasEnded => State is 'Z' or 'X';

    /// <summary>Null if there is no such process (any more).</summary>
    public static ProcessStat? Read(int id)
    {
        string stat;
        try
        {
            stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        }
        catch (IOException)
        {
            return null; // Between open(2) and read(2) it is ESRCH that says so.
        }

        // The name may hold spaces and parentheses; what follows it does not.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new ProcessStat(id, fields[0][0], Number(ParentField), Number(SessionField), Seconds(UserTimeField), Seconds(UserTimeField + 2));

        int Number(int field) => int.Parse(fields[field], CultureInfo.InvariantCulture);

        double Seconds(int field) => (long.Parse(fields[field], CultureInfo.InvariantCulture) + long.Parse(fields[field + 1], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>All processes of a session.</summary>
    public static IReadOnlyList<ProcessStat> OfSession(int session) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<ProcessStat>()
            .Where(stat => stat.Session == session)];
}
