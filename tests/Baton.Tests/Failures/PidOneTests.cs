using Baton.Tests.Admin;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Failures;

/// <summary>A generation that is PID 1, as it is in a container without a constant process in front.</summary>
public sealed class PidOneTests
{
    [Fact]
    public async Task The_process_is_PID_1_of_a_container_with_no_constant_process_in_front()
    {
        Assert.SkipUnless(Environment.UserName == "root", "A PID namespace needs root.");
        await using var daemon = await DaemonProcess.StartAsync(
            new ConfigBuilder().Listen().Baton("Probation", "00:00:00"),
            new DaemonStart
            {
                Command = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", .. DaemonExecutable.Command],
                Environment = new Dictionary<string, string?> { ["BATON_CONSTANT"] = "none" },
            });

        var run = await BatonCommand.UpgradeAsync(daemon);

        Assert.True(run.ExitCode == 1 && run.Errors.Contains("This process is PID 1 of its container", StringComparison.Ordinal), run.ToString());
        Assert.Equal(1, await Page.GenerationAsync(daemon.Port, TestContext.Current.CancellationToken));
    }
}
