using Baton.Handover.Native;

namespace Baton.Handover.Init;

/// <summary>Reaps every child that ends, and remembers the exit codes of the last ones.</summary>
internal sealed class Reaper
{
    // A generation says that it is the main one long before it ends: only a few orphans can end in between.
    private const int Remembered = 64;

    private readonly object _lock = new();
    private readonly Queue<KeyValuePair<int, int>> _exitCodes = new();
    private bool _isOver;

    private Reaper()
    {
    }

    public static Reaper Start()
    {
        var reaper = new Reaper();
        new Thread(reaper.Run) { IsBackground = true }.Start();
        return reaper;
    }

    /// <summary>Waits until the child has ended; to be asked only of one that is about to.</summary>
    /// <returns>Its exit code; 1 if it was nobody's whom this process has reaped.</returns>
    public int ExitCodeOf(int pid)
    {
        lock (_lock)
        {
            while (true)
            {
                int? found = null;
                foreach (var (ended, exitCode) in _exitCodes)
                    found = ended == pid ? exitCode : found; // The last: an orphan may have had the same pid before.
                if (found is not null || _isOver)
                    return found ?? 1;
                Monitor.Wait(_lock);
            }
        }
    }

    private void Run()
    {
        while (ChildProcess.Wait(-1, out var exitCode) is { } pid)
            Remember(pid, exitCode);
        lock (_lock)
        {
            _isOver = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Remember(int pid, int exitCode)
    {
        lock (_lock)
        {
            if (_exitCodes.Count == Remembered)
                _exitCodes.Dequeue();
            _exitCodes.Enqueue(new(pid, exitCode));
            Monitor.PulseAll(_lock);
        }
    }
}
