using System.Globalization;
using System.Runtime.InteropServices;

namespace Baton.Tests.Daemon;

/// <summary>What the kernel knows of a process's signals, and allows it in open files; proc(5), prlimit(2).</summary>
public static partial class Limits
{
    private const int RLIMIT_NOFILE = 7;

    /// <summary>
    /// Leaves a running process exactly <paramref name="count"/> numbers for new descriptors; null gives it back what it may
    /// have at most. Not at its start, because .NET raises its limit then.
    /// </summary>
    public static void LeaveDescriptors(int pid, int? count)
    {
        if (GetPrLimit(pid, RLIMIT_NOFILE, 0, out var limit) != 0)
            throw Failure(pid);
        var used = OpenDescriptors.Links(pid).Select(link => (ulong)link.Fd).ToHashSet();
        limit.Soft = limit.Hard;
        if (count is { } free)
        {
            for (limit.Soft = 0; free > 0 || used.Any(fd => fd >= limit.Soft); limit.Soft++)
            {
                if (!used.Contains(limit.Soft))
                    free--;
                if (free < 0)
                    break;
            }
        }
        if (SetPrLimit(pid, RLIMIT_NOFILE, limit, 0) != 0)
            throw Failure(pid);
    }

    /// <summary>
    /// Whether it listens to SIGHUP, for which it unblocks it last: from then on all its signal handlers are there. The other
    /// signals tell nothing, because the runtime has handlers of its own for them.
    /// </summary>
    public static bool ListensToSignals(int pid)
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{pid}/status");
            return Has(status, "SigCgt:", Signo.SIGHUP) && !Has(status, "SigBlk:", Signo.SIGHUP);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool Has(string[] status, string set, Signo signo)
    {
        var line = status.FirstOrDefault(line => line.StartsWith(set, StringComparison.Ordinal));
        return line is not null && (ulong.Parse(line[set.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> ((int)signo - 1) & 1) == 1;
    }

    private static IOException Failure(int pid) => new($"prlimit of {pid}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int GetPrLimit(int pid, int resource, nint none, out Limit limit);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int SetPrLimit(int pid, int resource, in Limit limit, nint none);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
