using System.Net.Sockets;

namespace Baton.Tests.Clients;

/// <summary>Says in words how a connection failed.</summary>
internal static class ConnectionFault
{
    /// <summary>Whether <paramref name="fault"/> is one that a connection can meet; any other is a bug of the client.</summary>
    public static bool Is(Exception fault) =>
        fault is SocketException or ResponseLostException or OperationCanceledException or ObjectDisposedException or TimeoutException;

    public static string InWords(Exception fault, CancellationToken traffic) => fault switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => "connection reset",
        SocketException { SocketErrorCode: SocketError.Shutdown } => "broken pipe",
        SocketException socket => $"{socket.SocketErrorCode}: {socket.Message}",
        OperationCanceledException when traffic.IsCancellationRequested => "the traffic's own deadline passed",
        OperationCanceledException or TimeoutException => "no answer within the deadline",
        _ => fault.Message,
    };
}
