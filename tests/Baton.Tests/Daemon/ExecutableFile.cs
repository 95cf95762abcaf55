using System.Diagnostics;
using Xunit;

namespace Baton.Tests.Daemon;

/// <summary>A copy of a file that can be run at once.</summary>
internal static class ExecutableFile
{
    /// <summary>
    /// Copies by a process of its own. What this one had open for writing, a child that is started meanwhile holds until its
    /// exec, and nobody can run it so long: ETXTBSY, execve(2).
    /// </summary>
    public static void Copy(string from, string to)
    {
        using var copy = Process.Start("cp", [from, to]);
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
    }
}
