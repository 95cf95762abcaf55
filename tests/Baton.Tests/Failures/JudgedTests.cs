using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Failures;

/// <summary>A successor that lives, and does worse than its predecessor did.</summary>
public sealed class JudgedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_successor_that_fails_requests_goes_again_and_the_report_has_the_figures()
    {
        await using var scene = await FailureScene.StartAsync(config => config.Baton("Probation", "00:00:10"));
        scene.Program.PointToReleaseWith("--set ReverseProxy:Clusters:all:Destinations:d1:Address=http://127.0.0.1:1");
        var second = await scene.Daemon.UpgradeAsync();
        await scene.Daemon.WaitAsync(() => scene.Errors.Count > 0, "say that the upgrade was rolled back");

        await scene.Daemon.WaitForExitAsync(second.Pid);
        FailureScene.AssertSays(scene.Errors[0], "RolledBack", "requests of its probation", "were answered with 5xx (", "before, 0 of", "Baton:FailureMargin");

        // What it answered with 502 is the failure; from here on nothing is.
        await scene.ReplaceTrafficAsync();
        await scene.Traffic.WaitForAnswersAsync(50, cancellationToken: Token);
        await scene.StopTrafficAsync();
        scene.Traffic.AssertNothingLost();
        Assert.Equal(scene.Daemon.FirstPid, (await scene.Daemon.WaitForOneProcessAsync()).Pid);
        scene.Program.PointToRelease();
        Assert.Equal(3, (await scene.Daemon.UpgradeAsync()).Number);
    }

    [Fact]
    public async Task A_successor_that_stops_answering_is_rolled_back_and_killed()
    {
        await using var scene = await FailureScene.StartAsync(config => config.Baton("Probation", "00:00:01").Baton("DrainTimeout", "00:00:02"));
        await scene.StopTrafficAsync();
        scene.Program.PointToScript("""
            ready=${BATON_HANDOVER#* }; ready=${ready%% *}
            printf '{"version":1,"pid":%d,"generation":2,"build":"9.9.9"}' $$ >&$ready
            exec {ready}>&-
            trap '' TERM
            while true; do sleep 1; done
            """);
        scene.Daemon.Signal(scene.Daemon.FirstPid, Signo.SIGHUP);
        using var waiting = await Http1Connection.OpenAsync(scene.Daemon.Port, new ClientReport("waiting"), null, Token);
        await waiting.SendAsync("GET /echo?id=waiting HTTP/1.1\r\nHost: x\r\n\r\n", Token);
        await scene.Daemon.WaitAsync(() => scene.Errors.Count > 0, "say that the upgrade was rolled back");

        FailureScene.AssertSays(scene.Errors[0], "RolledBack", $"It did not answer on 127.0.0.1:");
        var head = await waiting.Reader.ReadHeadAsync(Token);
        Assert.Equal("waiting", await waiting.Reader.ReadTextAsync(head, Token));
        Assert.Equal(scene.Daemon.FirstPid, (await scene.Daemon.WaitForOneProcessAsync()).Pid);
    }

    [Fact]
    public async Task A_margin_of_one_judges_nothing()
    {
        await using var scene = await FailureScene.StartAsync(config => config.Baton("Probation", "00:00:02").Baton("FailureMargin", 1));
        scene.Program.PointToReleaseWith("--set ReverseProxy:Clusters:all:Destinations:d1:Address=http://127.0.0.1:1");
        var second = await scene.Daemon.UpgradeAsync();

        Assert.Equal(second.Pid, (await scene.Daemon.WaitForOneProcessAsync()).Pid);
        Assert.Empty(scene.Errors);
    }
}
