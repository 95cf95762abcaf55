using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Failures;

/// <summary>No file descriptors left.</summary>
public sealed class ExhaustionTests
{
    private const string Failed = "Upgrade to generation 2";
    private const string CannotLook = "cannot be read, so the old routes stay: Too many open files";
    private const string NoRoomForState = "was not passed on to its successor";
    private const string CannotAccept = "Accepting on 127.0.0.1:0 fails";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_descriptors_left_because_of_idle_connections()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        Limits.LeaveDescriptors(daemon.FirstPid, 30);
        var idle = new List<Page>();
        try
        {
            while (!daemon.Log.ToString().Contains(CannotAccept, StringComparison.Ordinal))
            {
                var page = await Page.OpenAsync(daemon.Port, Token);
                idle.Add(page);
                await Task.WhenAny(page.GetAsync(Token), daemon.WaitForLogAsync(CannotAccept));
                Assert.InRange(idle.Count, 1, 100);
            }

            await FailAsync(daemon, 1);
            Assert.Contains("generation  1", await idle[0].GetAsync(Token), StringComparison.Ordinal);
            using var waiting = await Page.OpenAsync(daemon.Port, Token);
            var answer = waiting.GetAsync(Token);
            idle.ForEach(page => page.Dispose());
            Assert.Contains("generation  1", await answer, StringComparison.Ordinal);
            await daemon.WaitForLogAsync("Accepting on 127.0.0.1:0 works again");
        }
        finally
        {
            idle.ForEach(page => page.Dispose());
        }

        var second = await daemon.UpgradeAsync();
        Assert.Equal(second.Pid, (await daemon.WaitForOneProcessAsync()).Pid);
        Assert.Equal(2, await Page.GenerationAsync(daemon.Port, Token));
        daemon.AssertNoUnexpectedWarnings(CannotAccept, CannotLook, NoRoomForState, Failed);
    }

    [Fact]
    public async Task Every_number_of_descriptors_that_is_too_small_for_an_upgrade()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config());
        using var page = await Page.OpenAsync(daemon.Port, Token);
        await page.GetAsync(Token);
        var before = OpenDescriptors.Of(daemon.FirstPid);
        var failures = 0;
        for (var free = 0; daemon.Log.Generations.Count == 1; free++)
        {
            Assert.InRange(free, 0, 30);
            Limits.LeaveDescriptors(daemon.FirstPid, free);
            daemon.Signal(daemon.FirstPid, Signo.SIGHUP);
            await daemon.WaitAsync(() => Errors(daemon).Count > failures || daemon.Log.Generations.Count > 1, "fail or upgrade");
            if (daemon.Log.Generations.Count > 1)
                break;
            FailureScene.AssertSays(Errors(daemon)[failures++], "Too many open files");
            Assert.Equal(daemon.FirstPid, (await daemon.WaitForOneProcessAsync()).Pid);
            await daemon.WaitAsync(() => OpenDescriptors.More(OpenDescriptors.Of(daemon.FirstPid), before).Count == 0, "close what it opened");
            Assert.Contains("generation  1", await page.GetAsync(Token), StringComparison.Ordinal);
        }

        Assert.InRange(failures, 5, 30);
        Assert.Equal(daemon.Current.Pid, (await daemon.WaitForOneProcessAsync()).Pid);
        daemon.AssertNoUnexpectedWarnings(CannotAccept, CannotLook, NoRoomForState, Failed);
    }

    private static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:01").Baton("IdleLinger", "00:00:01");

    private static List<string> Errors(DaemonProcess daemon) =>
        [.. daemon.Log.OutputEvents().Where(text => text.Contains(Failed, StringComparison.Ordinal))];

    private static async Task FailAsync(DaemonProcess daemon, int count)
    {
        daemon.Signal(daemon.FirstPid, Signo.SIGHUP);
        await daemon.WaitAsync(() => Errors(daemon).Count == count, "say that the upgrade failed");
        FailureScene.AssertSays(Errors(daemon)[^1], "Too many open files");
    }
}
