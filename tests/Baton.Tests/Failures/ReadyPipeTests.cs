using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Failures;

/// <summary>A successor that says something else on the ready pipe than a ready message.</summary>
public sealed class ReadyPipeTests
{
    [Theory]
    [InlineData("printf 'Usage: frobnicate [OPTION]' >&$ready", "Usage: frobnicate [OPTION]")]
    [InlineData("printf '{\"version\":1' >&$ready", "{\\u0022version\\u0022:1")]
    [InlineData("printf null >&$ready", "null")]
    [InlineData("printf '\\0\\377\\376' >&$ready", "\\u0000")]
    public async Task A_successor_that_writes_garbage(string write, string shown)
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToScript($"{InstalledProgram.ReadyPipe}{write}");

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, "The successor wrote something other than a ready message");
        FailureScene.AssertSays(error, shown);
        await scene.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task A_successor_that_writes_garbage_without_end()
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToScript($"trap '' PIPE\n{InstalledProgram.ReadyPipe}while :; do printf '%01000d' 0 >&$ready; done 2>/dev/null");

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, "The successor wrote something other than a ready message");
        Assert.InRange(error.Length, 1, 2000);
        await scene.Daemon.WaitForExitAsync(await scene.WaitForLaunchAsync());
        await scene.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData("{\"version\":7,\"pid\":'$$',\"generation\":2,\"build\":\"9.9.9\",\"more\":{}}")]
    [InlineData("{\"version\":7,\"process\":{\"pid\":'$$'}}")]
    public async Task A_successor_that_speaks_a_version_of_the_future(string message)
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToScript($"{InstalledProgram.ReadyPipe}printf '%s' '{message}' >&$ready");

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, "version 7");
        FailureScene.AssertSays(error, "version 1");
        await scene.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task A_predecessor_that_speaks_a_version_of_the_future()
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToReleaseAfter("export BATON_HANDOVER=\"7 ${BATON_HANDOVER#* }\"");

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, "The predecessor hands over in version 7, this build knows version 1");
        await scene.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task A_successor_that_closes_the_pipe_and_lives_on()
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToScript($"{InstalledProgram.ReadyPipe}exec {{ready}}>&-; exec {{never}}<> <(:); read -r _ <&$never");

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, "before it was ready, without giving a reason");
        await scene.Daemon.WaitForExitAsync(await scene.WaitForLaunchAsync());
        await scene.AssertNothingHappenedAsync();
    }
}
