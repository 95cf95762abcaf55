using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Baton.Handover.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Baton.Handover.Transport;

/// <summary>
/// A listener as Kestrel sees it. Its accept loop pauses while this generation does not accept, and ends only when the server
/// stops or the listener is released, because a loop that has ended could not be resumed.
/// </summary>
internal sealed class HandoverListener(
    ListenSocket listener,
    MemoryPool<byte> memoryPool,
    TransportLimits limits,
    ConnectionTable table,
    TimeProvider clock,
    ILogger log) : IConnectionListener
{
    // Out of descriptors or memory: connections wait in the queue until some are given back. nginx waits 500 ms.
    private static readonly TimeSpan ExhaustedPause = TimeSpan.FromMilliseconds(100);

    private readonly AcceptGate _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private CancellationTokenSource? _pausedOrEnding;
    private CancellationToken _paused;
    private volatile bool _released;
    private volatile bool _inAccept;
    private bool _exhausted;

    public EndPoint EndPoint => listener.LocalEndPoint;

    public ListenSocket Listener => listener;

    /// <summary>Whether a connection can still come in here; for a moment after a pause one can, that was on its way.</summary>
    public bool IsAccepting => (_gate.IsOpen || _inAccept) && !listener.IsClosed;

    /// <summary>Begins to accept, or resumes.</summary>
    public void Accept() => _gate.Open();

    public void Pause() => _gate.Close();

    /// <summary>No successor listens here: what waits in the queue is still accepted, then the listener is closed.</summary>
    public void Release()
    {
        _released = true;
        _ending.Cancel();
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                if (_ending.IsCancellationRequested)
                    return await LastAsync();

                await _gate.Opened.WaitAsync(_ending.Token);
                _inAccept = true;
                return Connect(await listener.AcceptAsync(PausedOrEnding()));
            }
            catch (OperationCanceledException)
            {
                // Paused, released or unbound; the head of the loop tells which.
            }
            catch (SocketException e) when (IsExhausted(e.SocketErrorCode))
            {
                if (!_exhausted)
                    log.AcceptExhausted(listener.Address.ToString(), e.Message);
                _exhausted = true;
                await Task.Delay(ExhaustedPause, clock, CancellationToken.None);
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
        _ending.Cancel();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _gate.Dispose();
        _pausedOrEnding?.Dispose();
        _ending.Dispose();
        memoryPool.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<ConnectionContext?> LastAsync()
    {
        if (_released && !listener.IsClosed)
        {
            if (listener.HasQueued)
                return Connect(await listener.AcceptAsync(CancellationToken.None));
            listener.Dispose();
        }

        return null;
    }

    private HandoverConnection Connect(Socket socket)
    {
        if (_exhausted)
            log.AcceptRecovered(listener.Address.ToString());
        _exhausted = false;

        if (listener.LocalEndPoint is IPEndPoint)
            socket.NoDelay = true; // Responses are written whole; waiting for more would only delay them.
        var connection = new HandoverConnection(socket, memoryPool, limits, table, clock.GetTimestamp());
        connection.Start();
        return connection;
    }

    // One source serves every accept between two pauses.
    private CancellationToken PausedOrEnding()
    {
        var paused = _gate.Paused;
        if (_pausedOrEnding is null || paused != _paused)
        {
            _pausedOrEnding?.Dispose();
            _pausedOrEnding = CancellationTokenSource.CreateLinkedTokenSource(paused, _ending.Token);
            _paused = paused;
        }

        return _pausedOrEnding.Token;
    }

    private static bool IsExhausted(SocketError error) => error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;
}
