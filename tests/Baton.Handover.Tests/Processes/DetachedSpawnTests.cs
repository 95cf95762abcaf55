using Baton.Handover.Native;
using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Processes;

/// <summary>The process start: what the new process gets, and that it can be done again and again under a busy runtime.</summary>
[Collection("One after the other")] // A process that is being started holds every descriptor until its exec, listeners too.
public sealed class DetachedSpawnTests
{
    [Fact]
    public void The_process_gets_its_arguments_environment_directory_and_descriptors_and_is_not_our_child()
    {
        var directory = Directory.CreateTempSubdirectory("baton-spawn-");
        try
        {
            using var target = File.OpenHandle(Path.Combine(directory.FullName, "out"), FileMode.Create, FileAccess.Write);
            using var copy = DescriptorHandle.Duplicate((int)target.DangerousGetHandle(), atLeast: 100);
            using var plan = new SpawnPlan(
                ["/bin/sh", "-c", "{ pwd; echo \"$1\"; tr '\\0' '\\n' </proc/$$/environ; grep ^PPid /proc/$$/status; ls /proc/$$/fd; } >&3", "sh", "an argument"],
                ["A.odd-name=kept", "PATH=/usr/bin:/bin"],
                directory.FullName,
                [copy.Fd]);
            var pid = DetachedSpawn.Start(plan, out var errno);
            Assert.Equal(0, errno);
            AwaitExit(pid);

            var lines = File.ReadAllLines(Path.Combine(directory.FullName, "out"));
            Assert.Equal(directory.FullName, lines[0]);
            Assert.Equal("an argument", lines[1]);
            Assert.DoesNotContain($"PPid:\t{Environment.ProcessId}", lines);
            Assert.Contains("A.odd-name=kept", lines);
            Assert.DoesNotContain("100", lines);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void It_starts_with_the_signals_blocked_that_must_not_end_it_and_every_standard_signal_at_its_default()
    {
        var file = Path.GetTempFileName();
        try
        {
            using var plan = new SpawnPlan(["/bin/cp", "/proc/self/status", file], [], "/", []);
            AwaitExit(DetachedSpawn.Start(plan, out _));

            var lines = File.ReadAllLines(file);
            Assert.Contains("SigBlk:\t0000000000200201", lines); // HUP, USR1, TTOU
            var ignored = Convert.ToUInt64(lines.Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)).Split('\t')[1], 16);
            Assert.Equal(0UL, ignored & 0x7FFFFFFF);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("/nowhere/at/all", Errno.ENOENT)]
    [InlineData("/etc/passwd", 13)]
    public void What_cannot_be_executed_is_told_by_its_errno(string file, int expected)
    {
        using var plan = new SpawnPlan([file], [], "/", []);
        DetachedSpawn.Start(plan, out var errno);
        Assert.Equal(expected, errno);
    }

    [Fact]
    public async Task Five_hundred_starts_beside_a_collecting_heap_all_succeed()
    {
        using var done = new CancellationTokenSource();
        var garbage = Task.Run(() =>
        {
            for (var round = 0; !done.IsCancellationRequested; round++)
            {
                _ = Enumerable.Range(0, 200).Select(_ => new byte[1000]).ToList();
                if (round % 20 == 0)
                    GC.Collect(round % 3);
            }
        }, TestContext.Current.CancellationToken);

        using var plan = new SpawnPlan(["/bin/true"], [], "/", []);
        for (var start = 0; start < 500; start++)
        {
            Assert.True(DetachedSpawn.Start(plan, out var errno) > 0);
            Assert.Equal(0, errno);
        }

        await done.CancelAsync();
        await garbage;
    }

    private static void AwaitExit(int pid)
    {
        using var process = Pidfd.Of(pid);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)));
    }
}
