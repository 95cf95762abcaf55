using System.Net;
using Baton.Handover;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Baton.Admin;

/// <summary>Where the admin interface listens: the socket, and a TCP address if one is configured. Neither is public.</summary>
/// <param name="Socket">The socket; it may have none.</param>
/// <param name="Tcp">Null if none is configured.</param>
internal sealed record AdminListeners(AdminSocket Socket, IPEndPoint? Tcp)
{
    /// <param name="generation">Adopts or binds them.</param>
    /// <param name="options">Where.</param>
    /// <param name="config">The absolute path of the configuration file.</param>
    /// <exception cref="HandoverException">The path that the configuration names for the socket cannot be used.</exception>
    public static AdminListeners Open(Generation generation, AdminOptions options, string config)
    {
        var listeners = new AdminListeners(AdminSocket.Open(generation, options, config), options.Address is null ? null : AdminOptions.ParseAddress(options.Address));
        foreach (var address in listeners.Addresses)
            generation.KeepPrivate(address);
        return listeners;
    }

    /// <summary>As the generation names its listeners.</summary>
    public IEnumerable<string> Addresses => ((string?[])[Socket.Path is null ? null : $"unix:{Socket.Path}", Tcp?.ToString()]).OfType<string>();

    /// <summary>The addresses of the server that are for clients.</summary>
    public IReadOnlyList<string> PublicAddresses(IServer server) =>
        [.. (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Except(Addresses.Select(address => $"http://{address}"))];

    /// <summary>Lets the server accept on them, marking the connections.</summary>
    public void Listen(KestrelServerOptions server)
    {
        if (Socket.Path is { } path)
            server.ListenUnixSocket(path, listen => Mark(listen, new AdminConnection(IsTcp: false)));
        if (Tcp is { } tcp)
            server.Listen(tcp, listen => Mark(listen, new AdminConnection(IsTcp: true)));
    }

    private static void Mark(ListenOptions listen, AdminConnection mark)
    {
        listen.Protocols = HttpProtocols.Http1; // Whatever Kestrel:EndpointDefaults says.
        listen.Use(next => connection =>
        {
            connection.Features.Set(mark);
            return next(connection);
        });
    }
}
