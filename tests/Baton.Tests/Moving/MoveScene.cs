using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>
/// A daemon in front of a backend, and what the tests of moving connections do again and again: an upgrade after which the
/// predecessor is gone, and a request on a connection that must live on.
/// </summary>
internal sealed class MoveScene : IAsyncDisposable
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(20);
    private readonly List<Http1Connection> _connections = [];
    private readonly ClientReport _report = new("moving");
    private int _ids;

    private MoveScene(Backend backend, DaemonProcess daemon)
    {
        Backend = backend;
        Daemon = daemon;
    }

    public Backend Backend { get; }

    public DaemonProcess Daemon { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Starts it without probation, so that the predecessor goes as soon as nothing is left, and with a short linger: a
    /// connection that is left behind is closed before anybody can overlook it.
    /// </summary>
    /// <param name="configure">Other options, or another destination.</param>
    public static async Task<MoveScene> StartAsync(Action<ConfigBuilder>? configure = null)
    {
        var backend = await Backend.StartAsync(cancellationToken: Token);
        var config = new ConfigBuilder().Listen().ForwardTo(backend.Address)
            .Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200").Baton("DrainTimeout", "00:00:20");
        configure?.Invoke(config);
        try
        {
            return new MoveScene(backend, await DaemonProcess.StartAsync(config));
        }
        catch
        {
            await backend.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a connection that ends with the scene.</summary>
    public async Task<Http1Connection> ConnectAsync(int? receiveBuffer = null)
    {
        var connection = await Http1Connection.OpenAsync(Daemon.Port, _report, receiveBuffer, Token);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>An id that no other request of the scene has.</summary>
    public string NextId() => FormattableString.Invariant($"scene-{Interlocked.Increment(ref _ids)}");

    /// <summary>Makes one request; fails unless it is answered and the connection may be used again.</summary>
    public async Task AskAsync(Http1Connection connection)
    {
        var id = NextId();
        await connection.SendAsync($"GET /echo?id={id} HTTP/1.1\r\nHost: x\r\n\r\n", Token);
        await ExpectAsync(connection, id);
    }

    /// <summary>Reads the answer to a request that was sent; fails unless it is the right one and leaves the connection open.</summary>
    public static async Task ExpectAsync(Http1Connection connection, string body)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(AnswerDeadline);
        var head = await connection.Reader.ReadHeadAsync(limit.Token);
        Assert.Equal((200, body), (head.Status, await connection.Reader.ReadTextAsync(head, limit.Token)));
        Assert.False(head.Closes, $"The answer '{body}' asks to close the connection");
    }

    /// <summary>Upgrades, and waits until the predecessor has exited.</summary>
    /// <param name="failed">Says that there is nothing to wait for any more.</param>
    public async Task MoveAsync(Func<bool>? failed = null)
    {
        var predecessor = Daemon.Current;
        await Daemon.UpgradeAsync();
        await WaitForExitAsync(predecessor, failed);
    }

    /// <summary>Upgrades, and waits until the predecessor has exited; fails as soon as a client has lost anything.</summary>
    public async Task MoveAsync(Traffic traffic)
    {
        await MoveAsync(() => HasFailed(traffic));
        if (HasFailed(traffic))
            traffic.AssertNothingLost();
    }

    /// <param name="predecessor">A generation that has a successor.</param>
    /// <param name="failed">Says that there is nothing to wait for any more.</param>
    public Task WaitForExitAsync(Generation predecessor, Func<bool>? failed = null) =>
        Daemon.WaitAsync(() => !Daemon.LiveGenerations().Contains(predecessor) || failed?.Invoke() == true, $"let generation {predecessor.Number} (pid {predecessor.Pid}) go");

    /// <summary>Fails if a request of this id was received by the backend more or less than once.</summary>
    public void AssertReceivedOnce(params IEnumerable<string> ids) =>
        Assert.All(ids, id => Assert.Equal((id, 1), (id, Backend.Received.GetValueOrDefault(id))));

    public static bool HasFailed(Traffic traffic) => traffic.Reports.Any(report => report.Failures.Count > 0);

    public async ValueTask DisposeAsync()
    {
        _connections.ForEach(connection => connection.Dispose());
        await Daemon.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
