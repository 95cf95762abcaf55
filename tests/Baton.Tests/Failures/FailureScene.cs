using Baton.Tests.Admin;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Failures;

/// <summary>
/// A daemon under traffic whose program or configuration is about to fail it, and the judgement of what it did then: it
/// served on as if nothing had happened, said once why, left nothing behind, and the next upgrade works.
/// </summary>
internal sealed class FailureScene : IAsyncDisposable
{
    private const string Failed = "Upgrade to generation";

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(3) };
    private readonly List<Traffic> _allTraffic = [];
    private IReadOnlyList<string> _openBefore = [];

    private FailureScene(Backend backend, ConfigBuilder config, InstalledProgram program, DaemonProcess daemon)
    {
        Backend = backend;
        Config = config;
        Program = program;
        Daemon = daemon;
        Traffic = NewTraffic();
    }

    public Backend Backend { get; }

    /// <summary>The configuration of generation 1; good again when a test is done with it.</summary>
    public ConfigBuilder Config { get; }

    public InstalledProgram Program { get; }

    public DaemonProcess Daemon { get; }

    /// <summary>Runs from the start on: keep-alive connections, and a new connection for every request.</summary>
    public Traffic Traffic { get; private set; }

    /// <summary>The errors that tell of an upgrade that did not happen, each with all its lines.</summary>
    public IReadOnlyList<string> Errors => [.. Daemon.Log.OutputEvents().Where(text => text.Contains(Failed, StringComparison.Ordinal) && text.Contains(" ERR]", StringComparison.Ordinal))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts generation 1, warms it up, looks at what it holds open, and starts the traffic.</summary>
    public static async Task<FailureScene> StartAsync(Action<ConfigBuilder>? configure = null, Func<InstalledProgram, DaemonStart>? start = null)
    {
        var backend = await Backend.StartAsync(cancellationToken: Token);
        var program = new InstalledProgram();
        var config = new ConfigBuilder().Listen().ForwardTo(backend.Address).Baton("IdleLinger", "00:00:01").Baton("Probation", "00:00:01");
        configure?.Invoke(config);
        var daemon = await DaemonProcess.StartAsync(config, start?.Invoke(program) ?? new DaemonStart { Command = [program.Command] });
        var scene = new FailureScene(backend, config, program, daemon);
        try
        {
            await scene.Traffic.StartAsync(Token);
            await scene.StopTrafficAsync();
            scene._openBefore = OpenDescriptors.Of(daemon.FirstPid);
            scene.Traffic = scene.NewTraffic();
            await scene.Traffic.StartAsync(Token);
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a request that is answered when <see cref="Backend.Held"/> is open, and waits until it has arrived.</summary>
    /// <param name="id">What it asks for, and is answered.</param>
    public async Task<Task<string>> BeginHeldAsync(string id)
    {
        var held = _client.GetStringAsync(new Uri($"http://127.0.0.1:{Daemon.Port}/held?id={id}"), Token);
        await Backend.WaitForAsync(id, Token);
        return held;
    }

    /// <summary>Asks generation 1 for an upgrade that cannot work, waits until it has said so and answers on; returns what it said.</summary>
    public async Task<string> FailUpgradeAsync()
    {
        var errors = Errors.Count;
        Daemon.Signal(Daemon.FirstPid, Signo.SIGHUP);
        await Daemon.WaitAsync(() => Errors.Count > errors, "say that the upgrade failed");
        await Traffic.WaitForAnswersAsync(5, cancellationToken: Token);
        return Errors[^1];
    }

    /// <summary>
    /// Fails unless generation 1 is alone, has lost no request, holds nothing more open than before, has told of exactly one
    /// failed upgrade, and can be upgraded when the cause is gone.
    /// </summary>
    /// <param name="mend">Removes the cause. Default: points the symlink to the release again.</param>
    /// <param name="announced">Warnings that belong to the failure, beside the one error.</param>
    public async Task AssertNothingHappenedAsync(Action? mend = null, params string[] announced)
    {
        await StopTrafficAsync();
        Traffic.AssertNothingLost();
        Assert.Equal(Daemon.FirstPid, (await Daemon.WaitForOneProcessAsync()).Pid);
        await AssertNothingLeakedAsync();

        (mend ?? Program.PointToRelease)();
        Traffic = NewTraffic();
        await Traffic.StartAsync(Token);
        var next = await Daemon.UpgradeAsync();
        Assert.Equal(next.Pid, (await Daemon.WaitForOneProcessAsync()).Pid);
        await Traffic.WaitForAnswersAsync(5, cancellationToken: Token);
        await StopTrafficAsync();
        Traffic.AssertNothingLost();

        Assert.Single(Errors);
        Daemon.AssertNoUnexpectedWarnings([Failed, .. announced]);
    }

    /// <summary>Fails unless a text for the operator has all of these words; shows all of it.</summary>
    public static void AssertSays(string text, params string[] words)
    {
        foreach (var word in words)
            Assert.True(text.Contains(word, StringComparison.Ordinal), $"'{word}' is not in: {text}");
    }

    /// <summary>Fails if generation 1 holds more open than before the failure; a look may catch something on its way out.</summary>
    public async Task AssertNothingLeakedAsync()
    {
        IReadOnlyList<string> more = [];
        try
        {
            await Daemon.WaitAsync(
                () => (more = OpenDescriptors.More(OpenDescriptors.Of(Daemon.FirstPid), _openBefore)).Count == 0,
                "close what the failed upgrade opened", TimeSpan.FromSeconds(10));
        }
        catch (InvalidOperationException e) when (more.Count > 0)
        {
            Assert.Fail($"Generation 1 holds more open than before: {string.Join(", ", more)}. It held: {string.Join(", ", _openBefore)}. {e.Message}");
        }
    }

    /// <summary>The pid of the last successor that was launched, ready or not.</summary>
    public async Task<int> WaitForLaunchAsync(int generation = 2) =>
        DaemonLogPatterns.LaunchedPid(await Daemon.WaitForLogAsync($"Launched generation {generation} (pid"));

    /// <summary>The same for one that lives on, when it can be signalled: until its exec is done it has no environment.</summary>
    public async Task<int> WaitForLiveLaunchAsync()
    {
        var successor = await WaitForLaunchAsync();
        await Daemon.WaitAsync(() => Daemon.LiveProcesses().Any(process => process.Pid == successor), "start its successor");
        return successor;
    }

    /// <summary>Forgets what was lost until now, where that is in order, and starts anew.</summary>
    public async Task ReplaceTrafficAsync()
    {
        await StopTrafficAsync();
        Traffic = NewTraffic();
        await Traffic.StartAsync(Token);
    }

    /// <summary>Waits until generation 1 is said to be in a phase.</summary>
    public async Task WaitForPhaseAsync(string phase)
    {
        using var admin = new AdminRequests(Daemon.AdminSocket);
        await admin.WaitForStatusAsync(
            status => status.GetProperty("generations")[0] is var first && first.GetProperty("number").GetInt32() == 1 && first.GetProperty("phase").GetString() == phase,
            Token);
    }

    public async Task StopTrafficAsync() => await Traffic.StopAsync(Token);

    public async ValueTask DisposeAsync()
    {
        foreach (var traffic in _allTraffic)
            await traffic.DisposeAsync();
        await Daemon.DisposeAsync();
        await Backend.DisposeAsync();
        _client.Dispose();
        Program.Dispose();
    }

    private Traffic NewTraffic()
    {
        var traffic = new Traffic(TimeSpan.FromMinutes(2), Backend).Add(
            new KeepAliveClient(Daemon.Port, connections: 2, longestPauseMilliseconds: 5),
            new ConnectionPerRequestClient(Daemon.Port));
        _allTraffic.Add(traffic);
        return traffic;
    }
}
