using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Baton.Handover.Transport;

/// <summary>
/// A connection after its protocol upgrade: two sockets and the bytes between, without a server. It can be paused at a
/// quiet point, and go on from there in another process.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Without timer and wait handle they hold nothing.")]
internal sealed class Tunnel : ITunnel
{
    private readonly SemaphoreSlim _pausing = new(1, 1);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TunnelDirection _toUpstream;
    private readonly TunnelDirection _toClient;
    private CancellationTokenSource _pause = new();
    private Task _running = Task.CompletedTask;

    public Tunnel(Socket client, Socket upstream, TunnelDescription description, TunnelDirectionState toUpstream, TunnelDirectionState toClient)
    {
        client.Blocking = upstream.Blocking = false;
        (Client, Upstream, Description) = (client, upstream, description);
        _toUpstream = new TunnelDirection(client, upstream, isWebSocket: false, toUpstream);
        _toClient = new TunnelDirection(upstream, client, description.IsWebSocket, toClient);
    }

    public Socket Client { get; }

    public Socket Upstream { get; }

    public TunnelDescription Description { get; }

    /// <summary>Whether it has begun in another process.</summary>
    public bool IsAdopted { get; init; }

    /// <summary>Completes when both directions have ended, one side broke, or the tunnel has moved.</summary>
    public Task Completion => _completed.Task;

    /// <summary>Set when the successor could not take it.</summary>
    public bool StaysHere { get; set; }

    public string Route => Description.Route;

    public TunnelDrainPolicy Policy => Description.Policy;

    /// <summary>Whether it may go: what came with the handshake can be more than fits into a message, until it is sent.</summary>
    public bool CanMove => !StaysHere && !_completed.Task.IsCompleted
        && _toUpstream.HeldLength <= TunnelDirection.BufferSize && _toClient.HeldLength <= TunnelDirection.BufferSize;

    /// <summary>Changes whenever there was traffic.</summary>
    public long Count => _toUpstream.Count + _toClient.Count;

    /// <summary>Bytes that have gone each way in this process.</summary>
    public (long FromClient, long ToClient) Traffic => (_toUpstream.Count, _toClient.Count);

    public void Start() => _running = RunAsync();

    /// <summary>Stops both directions between two system calls.</summary>
    /// <returns>Where they stand; null if the tunnel is over.</returns>
    public async Task<(TunnelDirectionState ToUpstream, TunnelDirectionState ToClient)?> TryPauseAsync()
    {
        await _pausing.WaitAsync();
        await _pause.CancelAsync();
        await _running;
        if (!_completed.Task.IsCompleted)
            return (_toUpstream.State, _toClient.State);
        _pausing.Release();
        return null;
    }

    /// <summary>Goes on after a pause.</summary>
    public void Resume()
    {
        _pause = new CancellationTokenSource();
        Start();
        _pausing.Release();
    }

    /// <summary>Another process has the sockets: forgets them, paused, without a word to either side.</summary>
    public void Leave()
    {
        Client.Dispose();
        Upstream.Dispose();
        _completed.TrySetResult();
        _pausing.Release();
    }

    public async Task<bool> TryCloseAsync(int code, CancellationToken cancellation)
    {
        if (await TryPauseAsync() is null)
            return false;
        try
        {
            if (!_toClient.CanInsert)
                return false;
            _toClient.End(WebSocketFrameBoundary.CloseFrame(code));
            return true;
        }
        finally
        {
            Resume();
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Abort()
    {
        Client.Dispose();
        Upstream.Dispose();
        _completed.TrySetResult();
    }

    private async Task RunAsync()
    {
        await Task.WhenAll(RunAsync(_toUpstream), RunAsync(_toClient));
        if (_toUpstream.HasEnded && _toClient.HasEnded)
            Abort(); // Both sides were told already.
    }

    // When one side breaks, the other learns of it by the end of its connection.
    private async Task RunAsync(TunnelDirection direction)
    {
        try
        {
            await direction.RunAsync(_pause.Token);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Abort();
        }
    }
}
