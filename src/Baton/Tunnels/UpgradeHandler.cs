using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Baton.Tunnels;

/// <summary>
/// Sends one upgrade request over a connection that it keeps a hold of, and takes the connection out of the HTTP handler's
/// hands when the destination switches protocols.
/// </summary>
internal sealed class UpgradeHandler(HttpContext context) : DelegatingHandler
{
    private LentSocketStream? _connection;

    /// <summary>Set once the destination has switched protocols; whoever reads it owns the socket.</summary>
    public UpstreamSwitch? Switch { get; private set; }

    /// <summary>Connects as <see cref="SocketsHttpHandler"/> does by itself, which see for its parameters.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connect, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(connect.DnsEndPoint, cancellationToken);

            // Not always the first: if the destination closes instead of answering, the request is sent once more.
            return _connection = new LentSocketStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AskToSwitch(request);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
            await TakeConnectionAsync(response, cancellationToken);
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _connection?.Dispose();
        base.Dispose(disposing);
    }

    // YARP takes WebSocket and SPDY along by itself, and would make an ordinary request of every other upgrade.
    private void AskToSwitch(HttpRequestMessage request)
    {
        if (request.Headers.Contains(HeaderNames.Upgrade))
            return;
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TryAddWithoutValidation(HeaderNames.Connection, HeaderNames.Upgrade);
        request.Headers.TryAddWithoutValidation(HeaderNames.Upgrade, (IEnumerable<string>)context.Request.Headers.Upgrade);
    }

    // The HTTP handler may have read more than the head. With the socket taken away, what it still has to give is that.
    private async Task TakeConnectionAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var socket = _connection!.Take();
        Switch = new UpstreamSwitch(socket, default);
        using var beyond = new MemoryStream();
        var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        await content.CopyToAsync(beyond, cancellationToken);
        Switch = new UpstreamSwitch(socket, beyond.ToArray());
    }
}
