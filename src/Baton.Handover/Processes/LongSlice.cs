using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>
/// A slice of the processor as long as the kernel grants one. Of those that want it the kernel takes the one whose slice would be over
/// first, so whoever has a long one leaves it at once to whoever wakes up, and gets no less of it in the end (Linux 6.12 and later;
/// Documentation/scheduler/sched-eevdf.rst). It needs no privilege. What a thread starts has what that thread has.
/// </summary>
internal sealed class LongSlice : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private LongSlice()
    {
    }

    /// <summary>For the thread that calls, which is to dispose of it.</summary>
    public static LongSlice OfThisThread()
    {
        Set(0);
        return new LongSlice();
    }

    /// <returns>Whether the thread has it now.</returns>
    public static bool Set(int thread) => SchedulingCalls.TrySetSlice(thread, Longest);

    /// <returns>Whether the thread had it until now.</returns>
    public static bool TakeBack(int thread) => SchedulingCalls.SliceOf(thread) == Longest && SchedulingCalls.TrySetSlice(thread, TimeSpan.Zero);

    public void Dispose() => TakeBack(0);
}
