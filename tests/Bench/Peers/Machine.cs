using System.Globalization;
using System.Runtime.InteropServices;
using Baton.Bench.Measuring;

namespace Baton.Bench.Peers;

/// <summary>When, on what and with which versions it was measured.</summary>
internal static class Machine
{
    public static async Task<IReadOnlyDictionary<string, string>> DescribeAsync(BenchOptions options)
    {
        var kernel = await FirstLineAsync(["uname", "-r"]);
        var facts = new Dictionary<string, string>
        {
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            ["machine"] = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {Memory()}, Linux {kernel}, {RuntimeInformation.FrameworkDescription}"),
            ["load average at the start"] = string.Join(' ', (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ').Take(3)),
            ["client of the latencies"] = await MayGoFirstAsync() ? "SCHED_FIFO" : "ordinary priority: it may not have a better one (CAP_SYS_NICE)",
            ["rounds"] = string.Create(CultureInfo.InvariantCulture, $"{options.Rounds}, each load {options.Seconds} s{(options.Quick ? ", quick" : "")}"),
        };
        foreach (var peer in options.Peers)
            facts[peer.Name] = string.Join(' ', [await FirstLineAsync(peer.VersionCommand), .. peer.Environment]);
        return facts;
    }

    // On a thread of its own, which ends: one of the pool would keep it.
    private static Task<bool> MayGoFirstAsync() =>
        Task.Factory.StartNew(Native.TryGoFirst, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static string Memory() =>
        string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GB");

    private static async Task<string> FirstLineAsync(IReadOnlyList<string> command) => (await Tool.OutputAsync(command)).Split('\n')[0];
}
