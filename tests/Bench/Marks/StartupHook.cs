// Where the time of a start goes: .NET runs this before Main of any program, when DOTNET_STARTUP_HOOKS names its assembly. It
// writes a line when an assembly is loaded, which is when a part of the program is used for the first time. Processor time is
// what to look at on a machine that does other things, too.
using System.Diagnostics;
using System.Globalization;
using System.Runtime;

/// <summary>The name, the method, and that there is no namespace are what the runtime looks for.</summary>
internal static class StartupHook
{
    private static readonly TimeSpan[] Later = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8)];
    private static readonly long Start = Stopwatch.GetTimestamp();
    private static readonly Lock Writing = new();
    private static StreamWriter? _output;

    public static void Initialize()
    {
        // A file a process: an upgrade starts the next generation with the same environment.
        var file = Environment.GetEnvironmentVariable("MARKS") ?? Path.Combine(Path.GetTempPath(), "marks");
        _output = new StreamWriter(string.Create(CultureInfo.InvariantCulture, $"{file}.{Environment.ProcessId}")) { AutoFlush = true };
        _output.WriteLine("ms\tcpu ms\tcompiled methods\tcompiling ms\twhat");
        Mark("Main");
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Mark(loaded.LoadedAssembly.GetName().Name ?? "?");
        new Thread(MarkLater) { IsBackground = true }.Start();
    }

    private static void MarkLater()
    {
        foreach (var time in Later)
        {
            Thread.Sleep(time - Stopwatch.GetElapsedTime(Start));
            Mark($"after {time.TotalSeconds:0} s: {GC.CollectionCount(0)} collections, {GC.GetTotalMemory(forceFullCollection: false) / 1024} kB, {ThreadPool.ThreadCount} threads in the pool");
        }
    }

    private static void Mark(string what)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{Stopwatch.GetElapsedTime(Start).TotalMilliseconds:0}\t{Environment.CpuUsage.TotalTime.TotalMilliseconds:0}\t{JitInfo.GetCompiledMethodCount()}\t{JitInfo.GetCompilationTime().TotalMilliseconds:0}\t{what}");
        lock (Writing)
            _output?.WriteLine(line);
    }
}
