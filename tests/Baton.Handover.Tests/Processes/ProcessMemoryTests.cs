using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Processes;

/// <summary>The memory of a process, as /proc says it.</summary>
public sealed class ProcessMemoryTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public void It_is_what_the_process_itself_sees()
    {
        var memory = ProcessMemory.Of(Environment.ProcessId);
        // The two are counted at different moments, and the second with a lag.
        Assert.InRange(memory.ResidentBytes!.Value, Environment.WorkingSet - 64 * MiB, Environment.WorkingSet + 64 * MiB);
        Assert.InRange(memory.ProportionalBytes!.Value, MiB, memory.ResidentBytes.Value);
    }

    [Fact]
    public void Of_a_process_that_is_gone_nothing_is_known() =>
        Assert.Equal(new ProcessMemory(null, null), ProcessMemory.Of(int.MaxValue));
}
