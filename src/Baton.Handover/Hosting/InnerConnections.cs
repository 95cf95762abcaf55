using System.Net;
using System.Net.Sockets;
using Baton.Handover.Native;
using Baton.Handover.Transport;

namespace Baton.Handover.Hosting;

/// <summary>
/// Connections of the process with itself: to the server they are like any other, but they pass no listener and no network,
/// so there can be some while the generation accepts nothing yet. What comes over them is not counted as served.
/// </summary>
public sealed class InnerConnections
{
    private readonly HandoverListenerFactory _factory;
    private readonly TimeProvider _clock;

    internal InnerConnections(HandoverListenerFactory factory, TimeProvider clock)
    {
        _factory = factory;
        _clock = clock;
    }

    /// <summary>Where the server listens.</summary>
    public IReadOnlyList<EndPoint> EndPoints => [.. _factory.Listeners.Select(listener => listener.EndPoint)];

    /// <summary>Opens a connection, and returns the client's end of it.</summary>
    /// <param name="endPoint">One of <see cref="EndPoints"/>: with its protocols and its TLS the server speaks.</param>
    /// <exception cref="HandoverException">There are no descriptors left for it.</exception>
    public Stream Connect(EndPoint endPoint) => Connect(_factory.Listeners.First(listener => listener.EndPoint.Equals(endPoint)), out _);

    /// <param name="listener">As if it had come in there.</param>
    /// <param name="connection">The server's end.</param>
    internal Stream Connect(HandoverListener listener, out HandoverConnection connection)
    {
        var (ours, theirs) = SocketCalls.StreamPair();
        var here = new IPEndPoint(IPAddress.Loopback, 0);
        connection = listener.Connect(
            new Socket(new SafeSocketHandle(theirs.Release(), ownsHandle: true)),
            new ConnectionHistory { AcceptedAt = _clock.GetUtcNow(), LocalEndPoint = here, RemoteEndPoint = here });
        connection.IsInner = true;
        connection.Features.Set<IInnerConnectionFeature>(new Feature());
        listener.Adopt(connection);
        return new NetworkStream(new Socket(new SafeSocketHandle(ours.Release(), ownsHandle: true)), ownsSocket: true);
    }

    private sealed class Feature : IInnerConnectionFeature;
}
