using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Failures;

/// <summary>What is to be started cannot be, or does not come up.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task A_missing_binary()
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointTo(Path.Combine(scene.Program.Root, "no-such-release"));

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, $"Starting the successor failed: {scene.Program.Command}");
        FailureScene.AssertSays(error, "No such file or directory");
        await scene.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task A_binary_that_is_not_executable()
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToFile("#!/bin/bash\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, $"Starting the successor failed: {scene.Program.Command}");
        FailureScene.AssertSays(error, "Permission denied");
        FailureScene.AssertSays(error, "executable");
        await scene.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task A_file_that_is_not_a_program()
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToFile("This is\0 no program.\n");

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, $"Starting the successor failed: {scene.Program.Command}");
        FailureScene.AssertSays(error, "Exec format error");
        await scene.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task A_working_directory_that_is_gone()
    {
        var directory = Directory.CreateTempSubdirectory("baton-gone-").FullName;
        await using var scene = await FailureScene.StartAsync(
            start: program => new DaemonStart { Command = [program.Command], WorkingDirectory = directory });
        Directory.Delete(directory);

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, $"The working directory {directory} does not exist any more");
        await scene.AssertNothingHappenedAsync(mend: () => Directory.CreateDirectory(directory));
        Directory.Delete(directory);
    }

    [Fact]
    public async Task A_successor_that_exits_at_once()
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToScript("exit 3");

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, "ended before it was ready, without giving a reason");
        await scene.AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task A_successor_that_crashes_after_a_while()
    {
        await using var scene = await FailureScene.StartAsync();
        scene.Program.PointToScript("ulimit -c 0; sleep 0.3; kill -SEGV $$");

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, $"(pid {await scene.WaitForLaunchAsync()})");
        FailureScene.AssertSays(error, "ended before it was ready, without giving a reason");
        await scene.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap '' TERM HUP INT QUIT")]
    public async Task A_successor_that_hangs(string deaf)
    {
        await using var scene = await FailureScene.StartAsync(config => config.Baton("ReadyTimeout", "00:00:05"));
        scene.Program.PointToScript($"{deaf}\nexec {{never}}<> <(:); read -r _ <&$never");

        var error = await scene.FailUpgradeAsync();

        FailureScene.AssertSays(error, "was not ready after 5 s and was killed");
        FailureScene.AssertSays(error, "Baton:ReadyTimeout");
        await scene.Daemon.WaitForExitAsync(await scene.WaitForLaunchAsync());
        await scene.AssertNothingHappenedAsync();
    }
}
