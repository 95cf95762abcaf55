using System.Globalization;
using Baton.Handover.Native;

namespace Baton.Handover.Processes;

/// <summary>
/// The priority of a successor that prepares: its predecessor serves on the same processors and goes first. SCHED_BATCH leaves
/// the processor to whoever wakes up with an ordinary policy, and needs no privilege to be left again, unlike a nice value; and
/// only half of the processors are its own.
/// </summary>
internal sealed class PreparationPriority : IDisposable
{
    private const string Threads = "/proc/self/task";

    // A thread that is being started has what the one has that starts it before it can be seen, and long before on a machine
    // with much else to do.
    private static readonly TimeSpan UntilNextLook = TimeSpan.FromSeconds(1);

    private readonly PreparationProcessors _processors = new();
    private volatile ITimer? _looks;
    private bool _isLowered;

    /// <summary>Lowers it for all threads that there are, and so for all that they start. Where that is forbidden it stays as it is.</summary>
    public void Lower() => _isLowered = ForAll(thread => SetPolicy(thread, SchedulingCalls.SCHED_OTHER, SchedulingCalls.SCHED_BATCH) | _processors.Halve(thread));

    /// <summary>Gives all threads their ordinary priority back; does nothing if it was not lowered.</summary>
    public void Restore()
    {
        if (!_isLowered)
            return;
        _isLowered = false;
        RestoreAll();
        _looks = TimeProvider.System.CreateTimer(_ => LookAgain(), null, UntilNextLook, UntilNextLook);
    }

    /// <summary>
    /// Before a process is started: it would have what the thread has that starts it, and count the processors for good. Does
    /// nothing once all threads were seen to be as they should: what an operator gives them after that is theirs.
    /// </summary>
    public void EnsureRestored()
    {
        if (_looks is not null)
            RestoreAll();
    }

    public void Dispose() => _looks?.Dispose();

    private void LookAgain()
    {
        if (RestoreAll())
            return;
        Dispose();
        _looks = null;
    }

    private bool RestoreAll() => ForAll(thread => SetPolicy(thread, SchedulingCalls.SCHED_BATCH, SchedulingCalls.SCHED_OTHER) | _processors.Restore(thread));

    private static bool SetPolicy(int thread, int from, int to) => SchedulingCalls.PolicyOf(thread) == from && SchedulingCalls.TrySetPolicy(thread, to);

    /// <returns>Whether there was one to change, or may be.</returns>
    private static bool ForAll(Func<int, bool> change)
    {
        var isChanged = false;
        try
        {
            foreach (var directory in Directory.EnumerateDirectories(Threads))
                isChanged |= change(int.Parse(Path.GetFileName(directory.AsSpan()), CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return true; // No descriptor is free to look with; the next look comes.
        }

        return isChanged;
    }
}
