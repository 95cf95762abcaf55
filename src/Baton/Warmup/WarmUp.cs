#pragma warning disable CA5359 // The other end of these connections is this very process.
using System.Net;
using System.Net.Sockets;
using Baton.Admin;
using Baton.Handover;
using Baton.Handover.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;

namespace Baton.Warmup;

/// <summary>
/// Sends a request through everything that requests go through before the first one comes: Kestrel, routing, YARP and its
/// HTTP client. Much of that is made at its first use, and all clients of the predecessor arrive at once. The connection is
/// the process's own, and so is the answer: nothing is sent to anyone.
/// </summary>
internal sealed class WarmUp(InnerConnections connections, IServer server, AdminListeners admin, IProxyStateLookup proxy, WarmUpDestination destination) : IPreparation
{
    // The first makes what all need; the second runs what only a connection that is used again does.
    private const int Rounds = 2;

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            using var canned = new CannedServer();
            using var redirected = destination.Open(canned.Address);

            // One listener of a kind stands for all: behind them is the same code, but for the admin interface.
            var addresses = admin.PublicAddresses(server).Select(BindingAddress.Parse).DistinctBy(address => address.Scheme);
            await Task.WhenAll(addresses.Select(address => RunAsync(address, cancellation)));
        }
        catch (SocketException)
        {
            // No descriptor is left for it; then the first clients wait for what they are the first to need.
        }
    }

    private async Task RunAsync(BindingAddress address, CancellationToken cancellation)
    {
        if (connections.EndPoints.FirstOrDefault(endPoint => Is(endPoint, address)) is not { } endPoint)
            return;
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = (_, _) => ValueTask.FromResult(connections.Connect(endPoint)),
            SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
        };
        using var client = new HttpMessageInvoker(handler);
        var uri = new UriBuilder(address.Scheme, "localhost") { Path = Path() }.Uri;
        for (var round = 0; round < Rounds; round++)
        {
            // In cleartext an endpoint speaks one of them; inside TLS the client and the server agree on what both know.
            if (!await TrySendAsync(client, uri, HttpVersion.Version11, cancellation) || address.Scheme == Uri.UriSchemeHttps)
                await TrySendAsync(client, uri, HttpVersion.Version20, cancellation);
        }
    }

    private static async Task<bool> TrySendAsync(HttpMessageInvoker client, Uri uri, Version version, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        try
        {
            using var response = await client.SendAsync(request, cancellation);
            await response.Content.CopyToAsync(Stream.Null, cancellation);
            return response.StatusCode != HttpStatusCode.BadRequest;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false; // An endpoint without this protocol, or one that asks for a client's certificate: what was run is warm.
        }
    }

    // "/api/{**rest}" to "/api/": a path that a route may match. If it does not, that is one part less that is warm.
    private string Path()
    {
        var routes = proxy.GetRoutes().Select(route => route.Config).OrderBy(route => route.Order ?? 0);
        var path = routes.Where(IsOpen).Select(route => route.Match.Path).FirstOrDefault() is { Length: > 0 } text ? text : "/";
        var variable = path.IndexOf('{', StringComparison.Ordinal);
        path = variable < 0 ? path : path[..variable];
        return path.StartsWith('/') ? path : "/" + path;
    }

    private static bool IsOpen(RouteConfig route) =>
        route.Match is { Hosts: null or [], Headers: null or [], QueryParameters: null or [] } match
        && (match.Methods is null or [] || match.Methods.Contains(HttpMethods.Get, StringComparer.OrdinalIgnoreCase));

    private static bool Is(EndPoint endPoint, BindingAddress address) =>
        endPoint is IPEndPoint ip ? !address.IsUnixPipe && ip.Port == address.Port : address.IsUnixPipe && endPoint.ToString() == address.UnixPipePath;
}
