using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Baton.Handover.Transport;

/// <summary>
/// A connection between two requests that the server knows nothing of: a socket and what is known of it, a third of what the
/// server keeps for one at most. It is on its way to the successor, or waits here until its client sends something.
/// </summary>
/// <param name="socket">Nobody else reads or writes it.</param>
/// <param name="listener">Where it came in.</param>
/// <param name="history">What is known of it.</param>
/// <param name="lastActive">Timestamp of the end of its last request.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer holds nothing.")]
internal sealed class IdleConnection(Socket socket, HandoverListener listener, ConnectionHistory history, long lastActive)
{
    private readonly CancellationTokenSource _wanted = new();
    private Task<bool> _waiting = Task.FromResult(false);

    public Socket Socket => socket;

    public HandoverListener Listener => listener;

    /// <summary>Whether it is the application's own business, and not traffic.</summary>
    public bool IsPrivate => listener.Listener.IsPrivate;

    public ConnectionHistory History => history;

    public long LastActive => lastActive;

    /// <summary>How long it is usually silent between two requests.</summary>
    public TimeSpan UsualPause { get; init; }

    /// <summary>Set when the successor could not take it.</summary>
    public bool StaysHere { get; set; }

    /// <summary>Begins to wait for its client; what that sends stays in the kernel.</summary>
    /// <returns>True when it has sent something or is gone, false when somebody else has taken the connection.</returns>
    public Task<bool> WaitAsync() => _waiting = WaitForClientAsync();

    /// <summary>Ends the wait.</summary>
    /// <returns>False if the client was faster.</returns>
    public async Task<bool> TryTakeAsync()
    {
        await _wanted.CancelAsync();
        return !await _waiting;
    }

    /// <summary>Gives it back to the server.</summary>
    public void Wake() => listener.Adopt(listener.Renew(this));

    /// <summary>Closes it without a reset, whatever its client sends meanwhile.</summary>
    public async Task CloseAsync()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            await SocketReceiver.DiscardAsync(socket);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The client is gone, or its time is up.
        }
        finally
        {
            socket.Dispose();
        }
    }

    private async Task<bool> WaitForClientAsync()
    {
        try
        {
            await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, _wanted.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (SocketException)
        {
            return true; // The server finds out what it is.
        }
    }
}
