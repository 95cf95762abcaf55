using System.Net;
using System.Net.Sockets;
using Baton.Handover.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Baton.Handover.Transport;

/// <summary>
/// Gives Kestrel its listeners: adopted from the predecessor where it had the address, bound otherwise. Kestrel's own
/// listener cannot be used, because the way it stops leaves SO_LINGER on the socket that the successor shares.
/// </summary>
internal sealed class HandoverListenerFactory(
    ListenSockets sockets,
    HandoverOptions options,
    ConnectionTable table,
    IMemoryPoolFactory<byte> memoryPools,
    IOptions<SocketTransportOptions> transport,
    TimeProvider clock,
    ILogger<HandoverListenerFactory> log) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly Lock _lock = new();
    private readonly List<HandoverListener> _listeners = [];

    public IReadOnlyList<HandoverListener> Listeners
    {
        get
        {
            lock (_lock)
                return [.. _listeners];
        }
    }

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint or UnixDomainSocketEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = new HandoverListener(AdoptOrBind(endpoint), memoryPools.Create(), transport.Value, table, clock, log);
        lock (_lock)
            _listeners.Add(listener);
        return ValueTask.FromResult<IConnectionListener>(listener);
    }

    private ListenSocket AdoptOrBind(EndPoint endPoint)
    {
        try
        {
            return sockets.AdoptOrBind(endPoint, options.UnixSockets);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            var port = (endPoint as IPEndPoint)?.Port;
            throw new AddressInUseException($"Listening on {endPoint} failed: another process has the port. Find it with: ss -ltnp 'sport = :{port}'", e);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new HandoverException($"Listening on {endPoint} failed: permission denied. Ports below 1024 need CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE).", e);
        }
    }
}
