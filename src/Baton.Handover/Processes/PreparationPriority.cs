using System.Globalization;

namespace Baton.Handover.Processes;

/// <summary>
/// The priority of a successor that prepares: its predecessor serves on the same processors and goes first. It has the long slice
/// with which it was started, the policy SCHED_BATCH, and half of the processors.
/// </summary>
internal sealed class PreparationPriority : IDisposable
{
    private const string Threads = "/proc/self/task";

    // A thread that is being started has what the one has that starts it before it can be seen, and long before on a machine
    // with much else to do.
    private static readonly TimeSpan UntilNextLook = TimeSpan.FromSeconds(1);

    private readonly PreparationPolicy _policy = new();
    private readonly PreparationProcessors _processors = new();
    private volatile ITimer? _looks;
    private bool _isLowered;

    /// <summary>Lowers it for all threads that there are, and so for all that they start. Where that is forbidden it stays as it is.</summary>
    public void Lower() => _isLowered = ForAll(thread => LongSlice.Set(thread) | _policy.Lower(thread) | _processors.Halve(thread));

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

    private bool RestoreAll() => ForAll(thread => LongSlice.TakeBack(thread) | _policy.Restore(thread) | _processors.Restore(thread));

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
