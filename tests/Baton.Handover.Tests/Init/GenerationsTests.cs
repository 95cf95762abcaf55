using Baton.Handover.Init;
using Baton.Handover.Native;
using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Init;

/// <summary>Two generations, played by a shell: the first one gets a SIGHUP as its last signal, the second one comes after it.</summary>
[Collection("One after the other")] // A process that is being started holds every descriptor until its exec.
public sealed class GenerationsTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("baton-generations-").FullName;

    [Fact]
    public async Task A_hangup_that_the_exiting_generation_has_not_taken_goes_to_the_next_one()
    {
        await RunAsync("exit 0", () => WaitUntilAsync(() => Has("hangup"), "the signal"));
    }

    [Fact]
    public async Task One_that_it_has_taken_is_not_sent_again()
    {
        await RunAsync("echo hangup >&3; exit 0", () => File.WriteAllTextAsync(Path.Combine(_directory, "end"), "", TestContext.Current.CancellationToken));
        Assert.False(Has("hangup"));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <param name="onHangup">What the first one does.</param>
    /// <param name="end">Ends the second one, or waits for what ends it, when it is followed.</param>
    private async Task RunAsync(string onHangup, Func<Task> end)
    {
        var script = Path.Combine(_directory, "generations.sh");
        await File.WriteAllTextAsync(script, $"""
            cd {_directory}
            sh -c 'trap "touch hangup; exit 0" HUP; while [ ! -e begin ]; do sleep 0.01; done; echo "main $$" >&3; while [ ! -e end ]; do sleep 0.01; done' &
            trap '{onHangup}' HUP
            touch started
            while :; do sleep 0.01; done
            """);
        using var generations = Generations.Start(new LaunchCommand(["sh", script], _directory), given: 0);
        var first = generations.Main;
        var following = Task.Run(generations.Follow);
        await WaitUntilAsync(() => Has("started"), "the first one");

        generations.Hangup();
        await Task.Run(() => ChildProcess.Wait(first, out _));
        File.Create(Path.Combine(_directory, "begin")).Dispose();
        await WaitUntilAsync(() => generations.Main != first, "the second one to be followed");

        // The pipe is read in order: what follows from the second one's word has been done when its end is seen.
        await end();
        await following.WaitAsync(Deadline);
    }

    private static Task WaitUntilAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(condition, what, Deadline);

    private bool Has(string file) => File.Exists(Path.Combine(_directory, file));
}
