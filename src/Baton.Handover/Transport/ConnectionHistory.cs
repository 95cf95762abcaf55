using System.Net;
using System.Net.Sockets;

namespace Baton.Handover.Transport;

/// <summary>What is known of a connection, in whichever generation it came in.</summary>
public sealed record ConnectionHistory
{
    /// <summary>The connection's id; null for one that has none yet.</summary>
    public string? Id { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>How often it has moved to a successor. One that has, or that has requests behind it, may have said its PROXY header already.</summary>
    public int Moves { get; init; }

    /// <summary>Requests that were read on it.</summary>
    public long Requests { get; init; }

    /// <summary>Bytes that were received on it.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes that were sent on it.</summary>
    public long BytesSent { get; init; }

    /// <summary>Where it came in, if a connection middleware has said something else than the socket does (a PROXY header).</summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>Who the client is, if a connection middleware has said something else than the socket does (a PROXY header).</summary>
    public EndPoint? RemoteEndPoint { get; init; }

    /// <summary>Who is at the other end; null for one that is gone already, as may happen on the way from one process to another.</summary>
    internal static EndPoint? PeerOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
