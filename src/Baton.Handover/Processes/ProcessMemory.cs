using System.Globalization;

namespace Baton.Handover.Processes;

/// <summary>The memory of another process, as the kernel counts it; proc(5).</summary>
/// <param name="ResidentBytes">What it has in memory; null if that cannot be read.</param>
/// <param name="ProportionalBytes">The same with each page divided by the number of processes that share it.</param>
internal sealed record ProcessMemory(long? ResidentBytes, long? ProportionalBytes)
{
    private const long KiB = 1024;

    /// <summary>Looks at it. The sum over all its mappings is exact, but not everybody may read it; ptrace(2), "access mode".</summary>
    public static ProcessMemory Of(int pid)
    {
        var exact = Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/smaps_rollup"));
        var resident = Find(exact, "Rss:") ?? Find(Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status")), "VmRSS:");
        return new ProcessMemory(resident, Find(exact, "Pss:"));
    }

    // "Rss:               78944 kB"
    private static long? Find(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Split(' ', '\t').FirstOrDefault(word => word.Length > 0) is { } number
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
            ? kilobytes * KiB
            : null;

    private static string[] Read(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // Gone, or not for this user.
        }
    }
}
