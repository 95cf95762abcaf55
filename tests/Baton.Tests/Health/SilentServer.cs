using Baton.Tests.Backends;

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
