using Xunit;

namespace Baton.Handover.Tests.Processes;

/// <summary>For tests that change the thread they run on: one of the pool would stay changed.</summary>
internal static class OwnThread
{
    /// <summary>Runs it on a thread of its own, and throws what it throws.</summary>
    public static void Run(Action test)
    {
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(test));
        thread.Start();
        thread.Join();
        if (error is not null)
            throw error;
    }
}
