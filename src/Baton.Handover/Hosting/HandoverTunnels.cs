using System.Net.Sockets;
using Baton.Handover.Transport;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Handover.Hosting;

/// <summary>Tunnels without a server between their ends, so that they can move to the successor.</summary>
public static class HandoverTunnels
{
    /// <summary>
    /// Whether the client's side of an upgrade can become a tunnel that moves: HTTP/1.1 without TLS, behind
    /// <see cref="HandoverHosting.UseHandover"/>.
    /// </summary>
    public static bool CanTunnel(this HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is TunnelUpgrade { IsUpgradableRequest: true }
        && context.Features.Get<ITlsHandshakeFeature>() is null
        && context.Features.Get<HandoverConnection>() is { Kind: ConnectionKind.Http1 };

    /// <summary>
    /// Accepts the upgrade: sends the 101 with the headers that are set on the response. Then moves bytes between the client
    /// and <paramref name="upstream"/> until both directions have ended, one side broke, or the tunnel was passed to the
    /// successor, where it goes on.
    /// </summary>
    /// <param name="context">A request for which <see cref="CanTunnel"/> is true.</param>
    /// <param name="upstream">A connected socket, owned from here on.</param>
    /// <param name="received">Bytes that were read from it beyond the head of its answer.</param>
    /// <param name="activityTimeout">The time without traffic after which the tunnel is ended; infinite for never.</param>
    /// <returns>How many bytes went each way while it was here.</returns>
    public static async Task<(long FromClient, long ToClient)> TunnelAsync(this HttpContext context, Socket upstream, ReadOnlyMemory<byte> received, TimeSpan activityTimeout)
    {
        var upgrade = (TunnelUpgrade)context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        var connection = context.Features.GetRequiredFeature<HandoverConnection>();
        try
        {
            if (!await connection.PrepareTunnelAsync())
            {
                context.Abort(); // The client has ended it meanwhile.
                return default;
            }

            await AcceptAsync(upgrade, connection);
            if (await connection.TakeForTunnelAsync() is not { } early)
                return default;

            var description = new TunnelDescription(upgrade.Request.Route, connection.Listener.Listener.Address.ToString(), connection.History, upgrade.IsWebSocket, activityTimeout, upgrade.Request.Policy);
            var tunnel = new Tunnel(connection.Socket, upstream, description, TunnelDirectionState.Begin(early), TunnelDirectionState.Begin(received));
            try
            {
                upgrade.Request.Tunnel = tunnel;
                connection.AbortTunnel = tunnel.Abort;
                context.RequestServices.GetRequiredService<TunnelTable>().Start(tunnel);
                await tunnel.Completion;
                return tunnel.Traffic;
            }
            finally
            {
                connection.EndTunnel();
            }
        }
        finally
        {
            upstream.Dispose();
        }
    }

    private static async Task AcceptAsync(TunnelUpgrade upgrade, HandoverConnection connection)
    {
        try
        {
            await upgrade.AcceptAsync();
        }
        catch
        {
            connection.AbandonTunnel(); // The connection goes on, with an answer that says why.
            throw;
        }
    }
}
