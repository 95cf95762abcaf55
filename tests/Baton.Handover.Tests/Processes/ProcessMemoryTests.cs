using System.Diagnostics;
using System.Globalization;
using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Processes;

/// <summary>The memory of a process, as /proc says it.</summary>
public sealed class ProcessMemoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_the_sum_of_its_mappings()
    {
        using var process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.WriteLineAsync("Once it has answered, it only waits.");
        await process.StandardOutput.ReadLineAsync(Token);

        var memory = ProcessMemory.Of(process.Id);

        var mappings = await File.ReadAllLinesAsync($"/proc/{process.Id}/smaps", Token);
        Assert.Equal(mappings.Where(line => line.StartsWith("Rss:", StringComparison.Ordinal)).Sum(line => 1024 * long.Parse(line[4..^2], CultureInfo.InvariantCulture)), memory.ResidentBytes);
        Assert.InRange(memory.ProportionalBytes!.Value, 1, memory.ResidentBytes!.Value);
        process.Kill();
    }

    [Fact]
    public void Of_a_process_that_is_gone_nothing_is_known() =>
        Assert.Equal(new ProcessMemory(null, null), ProcessMemory.Of(int.MaxValue));
}
