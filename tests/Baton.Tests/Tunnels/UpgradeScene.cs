using System.Collections.Concurrent;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Tunnels;

/// <summary>A daemon, and a destination of a few lines that answers each upgrade request as the test says.</summary>
internal sealed class UpgradeScene : IAsyncDisposable
{
    private readonly ClientReport _report = new("upgrade");
    private readonly List<Http1Connection> _clients = [];
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private UpgradeScene(FaultyServer destination, DaemonProcess daemon, ConcurrentQueue<string> heads)
    {
        Destination = destination;
        Daemon = daemon;
        Heads = heads;
        _limit.CancelAfter(TimeSpan.FromSeconds(30));
    }

    public FaultyServer Destination { get; }

    public DaemonProcess Daemon { get; }

    /// <summary>The heads of the requests that the destination has received.</summary>
    public ConcurrentQueue<string> Heads { get; }

    /// <summary>Ends with the test, or when what it waits for does not come.</summary>
    public CancellationToken Token => _limit.Token;

    /// <param name="answer">Called with the request's head already read.</param>
    /// <param name="configure">Called with one route <c>all</c> to the destination already there.</param>
    public static async Task<UpgradeScene> StartAsync(Func<FaultyConnection, Task> answer, Action<ConfigBuilder>? configure = null)
    {
        var heads = new ConcurrentQueue<string>();
        var destination = new FaultyServer(async connection =>
        {
            heads.Enqueue(await connection.ReadHeadAsync());
            await answer(connection);
        });
        var config = new ConfigBuilder().Listen().ForwardTo($"http://127.0.0.1:{destination.Port}");
        configure?.Invoke(config);
        return new UpgradeScene(destination, await DaemonProcess.StartAsync(config), heads);
    }

    /// <summary>The head of an answer that switches protocols.</summary>
    public static string Switching(string protocol, string headers = "") =>
        $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n{headers}\r\n";

    /// <summary>Asks for an upgrade on a new connection, and does not wait for the answer.</summary>
    public async Task<Http1Connection> SendAsync(string protocol = "websocket", string target = "/", string headers = "", string method = "GET")
    {
        var client = await Http1Connection.OpenAsync(Daemon.Port, _report, null, Token);
        _clients.Add(client);
        await client.SendAsync($"{method} {target} HTTP/1.1\r\nHost: client.example\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n{headers}\r\n", Token);
        return client;
    }

    /// <summary>Asks for an upgrade on a new connection, and returns it with the head of the answer.</summary>
    public async Task<(Http1Connection Client, ResponseHead Head)> AskAsync(string protocol = "websocket", string target = "/", string headers = "", string method = "GET")
    {
        var client = await SendAsync(protocol, target, headers, method);
        return (client, await client.Reader.ReadHeadAsync(Token));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Daemon.DisposeAsync();
        await Destination.DisposeAsync();
        _limit.Dispose();
    }
}
