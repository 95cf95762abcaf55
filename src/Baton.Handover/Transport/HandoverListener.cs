using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Baton.Handover.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Baton.Handover.Transport;

/// <summary>
/// A listener as Kestrel sees it. Its accept loop pauses while this generation does not accept, and ends only when the server
/// stops, because a loop that has ended could not be resumed, and connections that come back come through it.
/// </summary>
internal sealed class HandoverListener(
    ListenSocket listener,
    MemoryPool<byte> memoryPool,
    SocketTransportOptions options,
    ConnectionTable table,
    TimeProvider clock,
    ILogger log) : IConnectionListener
{
    // Out of descriptors or memory: connections wait in the queue until some are given back. nginx waits 500 ms.
    private static readonly TimeSpan ExhaustedPause = TimeSpan.FromMilliseconds(100);

    private readonly ConnectionPipes _pipes = new(memoryPool, options);
    private readonly AcceptInterruption _interruption = new();
    private readonly ConcurrentQueue<HandoverConnection> _adopted = new();
    private volatile bool _isOpen;
    private volatile bool _released;
    private volatile bool _isUnbound;
    private volatile bool _inAccept;
    private bool _exhausted;

    public EndPoint EndPoint => listener.LocalEndPoint;

    public ListenSocket Listener => listener;

    /// <summary>Whether a connection can still come in here; for a moment after a pause one can, that was on its way.</summary>
    public bool IsAccepting => (_isOpen || _inAccept) && !listener.IsClosed;

    /// <summary>Whether no connection of somebody else's is adopted here any more.</summary>
    public bool HasEnded => _released || _isUnbound;

    /// <summary>Begins to accept, or resumes.</summary>
    public void Accept()
    {
        _isOpen = true;
        _interruption.Wake();
    }

    public void Pause()
    {
        _isOpen = false;
        _interruption.Wake();
    }

    /// <summary>No successor listens here: what waits in the queue is still accepted, then the listener is closed.</summary>
    public void Release()
    {
        _released = true;
        _interruption.Wake();
    }

    /// <summary>Makes a connection of a socket; the server gets it when it is given to <see cref="Adopt"/>.</summary>
    public HandoverConnection Connect(Socket socket, ConnectionHistory history) =>
        new(socket, this, _pipes, table, history, clock.GetTimestamp());

    /// <summary>The same of one that has already been one, here or in the predecessor.</summary>
    public HandoverConnection Renew(IdleConnection idle) =>
        new(idle.Socket, this, _pipes, table, idle.History, idle.LastActive) { UsualPause = idle.UsualPause, StaysHere = idle.StaysHere };

    /// <summary>Gives it to the server, whether new connections are accepted or not.</summary>
    public void Adopt(HandoverConnection connection)
    {
        connection.Start(); // From here on a drain knows of it.
        _adopted.Enqueue(connection);
        _interruption.Wake();
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var interruption = _interruption.Token;
            try
            {
                if (_adopted.TryDequeue(out var adopted))
                    return adopted;
                if (_released && !listener.IsClosed)
                {
                    if (listener.HasQueued)
                        return Accepted(await listener.AcceptAsync(CancellationToken.None));
                    listener.Dispose();
                }

                if (_isUnbound)
                    return null;

                _inAccept = _isOpen && !listener.IsClosed;
                if (_inAccept)
                    return Accepted(await listener.AcceptAsync(interruption));
                await Task.Delay(Timeout.InfiniteTimeSpan, interruption);
            }
            catch (OperationCanceledException)
            {
                // The head of the loop tells what has changed.
            }
            catch (SocketException e) when (IsExhausted(e.SocketErrorCode))
            {
                if (!_exhausted)
                    log.AcceptExhausted(listener.Address.ToString(), e.Message);
                _exhausted = true;
                // Those that come back from a rest need nothing new, and do not wait for that.
                await clock.PauseAsync(ExhaustedPause, interruption);
            }
            catch (SocketException)
            {
                // The client was gone before its connection left the queue; accept(2) says to go on.
            }
            finally
            {
                _inAccept = false;
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _isUnbound = true;
        _interruption.Wake();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        memoryPool.Dispose();
        return ValueTask.CompletedTask;
    }

    private HandoverConnection Accepted(Socket socket)
    {
        if (_exhausted)
            log.AcceptRecovered(listener.Address.ToString());
        _exhausted = false;

        if (listener.LocalEndPoint is IPEndPoint)
            socket.NoDelay = true; // Responses are written whole; waiting for more would only delay them.
        if (!listener.IsPrivate)
            table.CountAccepted();
        var connection = Connect(socket, new ConnectionHistory { AcceptedAt = clock.GetUtcNow() });
        connection.Start();
        return connection;
    }

    private static bool IsExhausted(SocketError error) => error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;
}
