using Baton.Handover.Native;
using Baton.Handover.Processes;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>
/// Moves a connection of the process's own as those of clients move: out of the server, over a channel, and into the server again.
/// Otherwise a hand-over would be the first time for all of that, in both processes, and all clients would wait for it.
/// </summary>
internal sealed class MoveRehearsal(InnerConnections inner, HandoverListenerFactory factory, TimeProvider clock) : IPreparation
{
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        // A private one speaks no TLS, whose end without a handshake would be counted as a failure.
        if (factory.Listeners.FirstOrDefault(listener => listener.Listener.IsPrivate) is not { } listener)
            return;
        using var client = inner.Connect(listener, out var connection);
        if (await connection.TryTakeAsync() is { } idle)
            await MoveAsync(idle, cancellation);
    }

    private async Task MoveAsync(IdleConnection idle, CancellationToken cancellation)
    {
        var (ours, theirs) = SocketCalls.Pair();
        using var sender = new HandoverChannel(ours);
        using var receiver = new HandoverChannel(theirs);
        try
        {
            await sender.SendAsync(ConnectionFormat.Message([idle], clock), ConnectionFormat.Descriptors([idle]), cancellation);
            if (await receiver.ReceiveAsync(cancellation) is not { } message)
                return;
            var adoption = new ConnectionAdoption(message, factory.Listeners, adopted => adopted.Wake(), clock, room: 1);
            adoption.Begin();
        }
        finally
        {
            idle.Socket.Dispose();
        }
    }
}
