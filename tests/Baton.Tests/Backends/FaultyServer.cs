using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Baton.Tests.Backends;

/// <summary>
/// A server of a few lines that does to each connection what a test tells it, to show that a client sees the fault.
/// </summary>
public sealed class FaultyServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<FaultyConnection, Task> _behaviour;
    private readonly Task _accepting;

    public FaultyServer(Func<FaultyConnection, Task> behaviour)
    {
        _behaviour = behaviour;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        for (var number = 1; ; number++)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_end.Token);
                _connections.Add(ServeAsync(new FaultyConnection(socket, number, _end.Token)));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(FaultyConnection connection)
    {
        using (connection)
        {
            try
            {
                await _behaviour(connection);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or EndOfStreamException)
            {
                // The client is done with it, or the test is.
            }
        }
    }
}
