using System.Net.Sockets;

namespace Baton.Tests.Clients;

/// <summary>Counts the connections that .NET's own HTTP clients open.</summary>
public sealed class ConnectCounter
{
    private int _count;

    /// <summary>Opened so far, by all handlers together.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>A handler whose connections are counted.</summary>
    public SocketsHttpHandler Handler() => new() { ConnectCallback = ConnectAsync };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        Interlocked.Increment(ref _count);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
