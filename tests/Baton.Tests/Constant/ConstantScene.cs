using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Constant;

/// <summary>A daemon that was started with <c>--init</c>: its first process is the constant one, which stays.</summary>
internal sealed class ConstantScene : IAsyncDisposable
{
    /// <summary>The most resident memory that it may have when it waits.</summary>
    public const long MostResident = 25 * 1024 * 1024;

    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromMinutes(2) };

    private ConstantScene(Backend backend, DaemonProcess daemon)
    {
        Backend = backend;
        Daemon = daemon;
    }

    public Backend Backend { get; }

    public DaemonProcess Daemon { get; }

    public int Constant => Daemon.FirstPid;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static ConfigBuilder Config() => new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200");

    public static async Task<ConstantScene> StartAsync(DaemonStart? start = null, Action<ConfigBuilder>? configure = null)
    {
        var backend = await Backend.StartAsync(cancellationToken: Token);
        try
        {
            var config = Config().ForwardTo(backend.Address);
            configure?.Invoke(config);
            var daemon = await DaemonProcess.StartAsync(config, (start ?? new DaemonStart()) with { Arguments = ["run", "--init", "--config", "{config}"] });
            return new ConstantScene(backend, daemon);
        }
        catch
        {
            await backend.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends SIGHUP to the constant process and waits until the next generation is alone behind it.</summary>
    public async Task<Generation> UpgradeAsync()
    {
        var ready = Daemon.Log.Generations.Count;
        Daemon.Signal(Constant, Signo.SIGHUP);
        await Daemon.WaitAsync(() => Daemon.Log.Generations.Count > ready, "hand over to the next generation");
        await WaitForOneGenerationAsync();
        return Daemon.Log.Generations[ready];
    }

    /// <summary>Waits until the constant process and one generation are all that is left.</summary>
    public Task WaitForOneGenerationAsync()
    {
        var sure = 0;
        return Daemon.WaitAsync(() => (sure = Daemon.LiveProcesses().Count == 2 ? sure + 1 : 0) == 5, "be down to one generation");
    }

    /// <summary>
    /// Waits until nothing is left. The constant process ends with its link, which the kernel closes a moment before a process
    /// counts as one that has exited.
    /// </summary>
    public Task NobodyIsLeftAsync() => Daemon.WaitAsync(() => Daemon.LiveProcesses().Count == 0, "end altogether");

    public Task<string> GetAsync(string path) => _client.GetStringAsync(new Uri($"http://127.0.0.1:{Daemon.Port}{path}"), Token);

    /// <summary>Begins a request that the backend answers later, and waits until it is in flight.</summary>
    public Task<Task<string>> BeginSlowAsync(int milliseconds) => BeginAsync($"/slow?ms={milliseconds}&id=slow");

    /// <summary>The same for one that is answered when <see cref="Backend.Held"/> is open.</summary>
    public Task<Task<string>> BeginHeldAsync() => BeginAsync("/held?id=held");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Daemon.DisposeAsync();
        await Backend.DisposeAsync();
    }

    private async Task<Task<string>> BeginAsync(string path)
    {
        var answer = GetAsync(path);
        await Backend.WaitForInFlightAsync(1, Token);
        return answer;
    }
}
