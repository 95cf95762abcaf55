using System.Text.Json.Nodes;
using Baton.Tests.Backends;
using Baton.Tests.Daemon;

namespace Baton.Tests.Health;

/// <summary>A destination that accepts connections and never answers; it tells probes from requests.</summary>
internal sealed class SilentServer : IAsyncDisposable
{
    public const string ProbePath = "/probe";

    private readonly FaultyServer _server;
    private int _probes;
    private int _requests;

    public SilentServer() => _server = new FaultyServer(ReadAsync);

    public string Address => $"http://127.0.0.1:{_server.Port}";

    public int Probes => Volatile.Read(ref _probes);

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Arguments with which a generation, ready only when it has waited for its probe, takes eight seconds to become so; nothing is sent here.</summary>
    public string SlowStart
    {
        get
        {
            const string Cluster = "--set ReverseProxy:Clusters:silent";
            const string Active = $"{Cluster}:HealthCheck:Active";
            return $"{Cluster}:Destinations:d:Address={Address} {Active}:Enabled=true {Active}:Timeout=00:00:08 {Active}:Path={ProbePath}";
        }
    }

    /// <summary>Everything is sent here, and a generation is ready only when it has waited for its probe.</summary>
    public ConfigBuilder Probed(ConfigBuilder config, string timeout = "00:00:02") =>
        config.ForwardTo(Address).Set("ReverseProxy:Clusters:all:HealthCheck:Active", new JsonObject { ["Enabled"] = "true", ["Timeout"] = timeout, ["Path"] = ProbePath });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ReadAsync(FaultyConnection connection)
    {
        while (true)
        {
            var head = await connection.ReadHeadAsync();
            if (head.StartsWith($"GET {ProbePath} ", StringComparison.Ordinal))
                Interlocked.Increment(ref _probes);
            else
                Interlocked.Increment(ref _requests);
        }
    }
}
