using Baton.Tests.Backends;

namespace Baton.Tests.Clients;

/// <summary>The client's side of a tunnel through the daemon: a request that upgrades the connection, then a <see cref="TunnelEnd"/>.</summary>
public sealed class RawTunnel : IAsyncDisposable
{
    private readonly Http1Connection _connection;
    private readonly CancellationTokenSource _end = new();
    private Task _running = Task.CompletedTask;
    private bool _isDisposed;

    private RawTunnel(Http1Connection connection, string id, bool sends)
    {
        _connection = connection;
        Id = id;
        End = new TunnelEnd(_connection.Reader.ReadSomeAsync, _connection.SendAsync, isClient: true, sends);
    }

    public string Id { get; }

    public TunnelEnd End { get; }

    /// <exception cref="ResponseLostException">The server did not upgrade.</exception>
    public static async Task<RawTunnel> OpenAsync(int port, string id, bool sends, string protocol, CancellationToken cancellationToken)
    {
        var connection = await Http1Connection.OpenAsync(port, new ClientReport("tunnel"), null, cancellationToken);
        try
        {
            await connection.SendAsync($"GET /tunnel?id={id} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n\r\n", cancellationToken);
            var head = await connection.Reader.ReadHeadAsync(cancellationToken);
            if (head.Status != 101)
                throw new ResponseLostException($"answered '{head.StatusLine}' instead of switching protocols");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        var tunnel = new RawTunnel(connection, id, sends);
        tunnel._running = tunnel.End.RunAsync(tunnel._end.Token);
        return tunnel;
    }

    /// <summary>Ends the client's direction; the other goes on.</summary>
    public async Task EndSendingAsync(CancellationToken cancellationToken)
    {
        await End.StopSendingAsync(cancellationToken);
        _connection.EndSending();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _end.CancelAsync();
        await _running;
        _connection.Dispose();
        _end.Dispose();
    }
}
