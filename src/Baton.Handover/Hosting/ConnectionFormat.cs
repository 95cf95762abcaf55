using System.Net;
using System.Net.Sockets;
using Baton.Handover.Processes;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>A connection's past as it is passed, and back.</summary>
internal static class ConnectionFormat
{
    /// <summary>The message that passes them on, without the number by which it is answered.</summary>
    public static ChannelMessage Message(IReadOnlyList<IdleConnection> connections, TimeProvider clock) => new(ChannelMessage.Connections)
    {
        Passed = [.. connections.Select(connection => Write(connection.History, connection.Listener.Listener.Address.ToString(), connection.Socket) with
        {
            IdleFor = clock.GetElapsedTime(connection.LastActive),
        })],
    };

    /// <summary>What goes with that message.</summary>
    public static int[] Descriptors(IReadOnlyList<IdleConnection> connections) =>
        [.. connections.Select(connection => (int)connection.Socket.SafeHandle.DangerousGetHandle())];

    /// <param name="history">What is known of it.</param>
    /// <param name="listener">The address of the listener where it came in.</param>
    /// <param name="socket">Tells most endpoints; what a PROXY header said is passed beside it.</param>
    public static PassedConnection Write(ConnectionHistory history, string listener, Socket socket) =>
        new(listener)
        {
            Id = history.Id,
            AcceptedAt = history.AcceptedAt,
            Moves = history.Moves + 1,
            Requests = history.Requests,
            BytesReceived = history.BytesReceived,
            BytesSent = history.BytesSent,
            Remote = Unless(history.RemoteEndPoint, ConnectionHistory.PeerOf(socket)),
            Local = Unless(history.LocalEndPoint, socket.LocalEndPoint),
        };

    public static ConnectionHistory Read(PassedConnection passed) => new()
    {
        Id = passed.Id,
        AcceptedAt = passed.AcceptedAt,
        Moves = passed.Moves,
        Requests = passed.Requests,
        BytesReceived = passed.BytesReceived,
        BytesSent = passed.BytesSent,
        RemoteEndPoint = EndPoint(passed.Remote),
        LocalEndPoint = EndPoint(passed.Local),
    };

    private static string? Unless(EndPoint? said, EndPoint? own) => said is IPEndPoint && !said.Equals(own) ? said.ToString() : null;

    private static IPEndPoint? EndPoint(string? text) => IPEndPoint.TryParse(text ?? "", out var endPoint) ? endPoint : null;
}
