using System.Globalization;
using Baton.Handover;

namespace Baton.Metrics;

/// <summary>
/// The process itself, under the names that every Prometheus client library uses. Processor time and what the garbage collector
/// does are counted over all generations, since a counter that falls would look like a restart.
/// </summary>
internal sealed class ProcessFigures(Generation generation)
{
    public static void Count(MetricsStore store)
    {
        store.Count(MetricFamilies.ProcessCpu, default, static () => Environment.CpuUsage.TotalTime.Ticks);
        store.Count(MetricFamilies.Allocated, default, static () => GC.GetTotalAllocatedBytes());

        // Those of a higher generation are collections of the lower ones, too.
        for (var collected = 0; collected <= GC.MaxGeneration; collected++)
        {
            var heap = collected;
            store.Count(
                MetricFamilies.Collections,
                new SeriesKey($"gen{heap.ToString(CultureInfo.InvariantCulture)}"),
                () => GC.CollectionCount(heap) - (heap < GC.MaxGeneration ? GC.CollectionCount(heap + 1) : 0));
        }
    }

    public IEnumerable<Gauge> Look()
    {
        yield return Gauge.Of("process_start_time_seconds", "When the process that answers began, in seconds since 1970.", generation.StartedAt.ToUnixTimeMilliseconds() / 1000.0, "seconds");
        yield return Gauge.Of("process_resident_memory_bytes", "Memory of the process that answers.", Environment.WorkingSet, "bytes");
        yield return Gauge.Of("process_open_fds", "Files and sockets that are open in the process that answers.", Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        if (MostFiles() is { } most)
            yield return Gauge.Of("process_max_fds", "The most that it may have open.", most);
        yield return Gauge.Of("dotnet_gc_heap_size_bytes", "The managed heap after the last collection.", GC.GetGCMemoryInfo().HeapSizeBytes, "bytes");
        yield return Gauge.Of("dotnet_thread_pool_threads", "Threads of the pool.", ThreadPool.ThreadCount);
        yield return Gauge.Of("dotnet_thread_pool_queue_length", "Work that waits for a thread of the pool.", ThreadPool.PendingWorkItemCount);
    }

    // proc(5): "Max open files  SOFT  HARD  files".
    private static double? MostFiles() =>
        File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) is { } line
        && double.TryParse(line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out var soft)
            ? soft
            : null;
}
