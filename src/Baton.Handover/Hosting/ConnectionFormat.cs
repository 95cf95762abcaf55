using System.Net;
using Baton.Handover.Processes;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>A connection's past as it is passed, and back.</summary>
internal static class ConnectionFormat
{
    public static PassedConnection Write(HandoverConnection connection)
    {
        var history = connection.History;
        return new PassedConnection(connection.Listener.Listener.Address.ToString())
        {
            Id = history.Id,
            AcceptedAt = history.AcceptedAt,
            Moves = history.Moves + 1,
            Requests = history.Requests,
            BytesReceived = history.BytesReceived,
            BytesSent = history.BytesSent,
            Remote = Unless(history.RemoteEndPoint, connection.Socket.RemoteEndPoint),
            Local = Unless(history.LocalEndPoint, connection.Socket.LocalEndPoint),
        };
    }

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
