using System.Diagnostics;
using Xunit;

namespace Baton.Handover.Tests.Upgrades;

/// <summary>A trigger in the last moments of a predecessor, when nothing but a signal is left to pass it on with.</summary>
[Collection("One after the other")] // A process that is being started holds every descriptor until its exec.
public sealed class LateTriggerTests
{
    [Fact]
    public async Task A_trigger_that_reaches_an_exiting_predecessor_goes_to_its_successor_as_a_signal()
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "trap 'exit 7' HUP; echo; while :; do sleep 0.01; done"]) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        await using var scene = await UpgradeScene.ServingAsync(new HandoverOptions { Probation = TimeSpan.Zero });
        (await scene.LaunchAsync()).BecomeReady(process.Id);
        await scene.FinishDrainAsync();
        await scene.InPhaseAsync(HandoverPhase.Exiting);

        scene.Upgrader.RequestUpgrade("a test");

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(7, process.ExitCode);
    }
}
