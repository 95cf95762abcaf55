using System.Globalization;
using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>
/// The priority of a successor that prepares: its predecessor serves on the same processors and goes first. SCHED_BATCH leaves
/// the processor to whoever wakes up with an ordinary policy, and needs no privilege to be left again, unlike a nice value.
/// </summary>
internal sealed class PreparationPriority : IDisposable
{
    private const string Threads = "/proc/self/task";

    // A thread that is being started has the policy of the one that starts it before it can be seen, and long before on a machine
    // with much else to do.
    private static readonly TimeSpan UntilNextLook = TimeSpan.FromSeconds(1);

    private ITimer? _looks;
    private bool _isLowered;

    /// <summary>Lowers it for all threads that there are, and so for all that they start. Where that is forbidden it stays as it is.</summary>
    public void Lower() => _isLowered = SetAll(SchedulingCalls.SCHED_OTHER, SchedulingCalls.SCHED_BATCH);

    /// <summary>Gives all threads their ordinary priority back; does nothing if it was not lowered.</summary>
    public void Restore()
    {
        if (!_isLowered)
            return;
        _isLowered = false;
        RestoreAll();
        _looks = TimeProvider.System.CreateTimer(_ => LookAgain(), null, UntilNextLook, UntilNextLook);
    }

    public void Dispose() => _looks?.Dispose();

    private void LookAgain()
    {
        if (!RestoreAll())
            Dispose();
    }

    private static bool RestoreAll() => SetAll(SchedulingCalls.SCHED_BATCH, SchedulingCalls.SCHED_OTHER);

    /// <returns>Whether there was one to change, or may be.</returns>
    private static bool SetAll(int from, int to)
    {
        var isChanged = false;
        try
        {
            foreach (var directory in Directory.EnumerateDirectories(Threads))
            {
                var thread = int.Parse(Path.GetFileName(directory.AsSpan()), CultureInfo.InvariantCulture);
                isChanged |= SchedulingCalls.PolicyOf(thread) == from && SchedulingCalls.TrySetPolicy(thread, to);
            }
        }
        catch (IOException)
        {
            return true; // No descriptor is free to look with; the next look comes.
        }

        return isChanged;
    }
}
