using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Baton.Canary.Clients;

/// <summary>A public listener as a client on the same machine reaches it.</summary>
internal sealed class CanaryTarget
{
    private readonly EndPoint _endPoint;
    private readonly bool _isTls;

    /// <param name="address">As the daemon tells it: <c>http://[::]:8080</c>, <c>https://localhost:443</c>, <c>http://unix:/run/app.sock</c>.</param>
    /// <exception cref="FormatException">It is no address.</exception>
    public CanaryTarget(string address)
    {
        var url = BindingAddress.Parse(address);
        Address = address;
        _isTls = url.Scheme == "https";
        if (url.IsUnixPipe)
        {
            _endPoint = new UnixDomainSocketEndPoint(url.UnixPipePath);
            Uri = new Uri($"{url.Scheme}://localhost");
            return;
        }

        var isAddress = IPAddress.TryParse(url.Host, out var ip);
        _endPoint = new IPEndPoint(isAddress ? Reachable(ip!) : IPAddress.Loopback, url.Port);

        // A name is what TLS can ask for (RFC 6066, 3), an address is not.
        Uri = new UriBuilder(url.Scheme, isAddress || url.Host is "*" or "+" ? "localhost" : url.Host, url.Port).Uri;
    }

    /// <summary>As the daemon tells it.</summary>
    public string Address { get; }

    /// <summary>Scheme, host and port for requests; where to connect to is another matter.</summary>
    public Uri Uri { get; }

    /// <summary>Opens a connection that speaks HTTP/1.1, with TLS where the listener does.</summary>
    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var stream = await ConnectRawAsync(cancellationToken);
        if (!_isTls)
            return stream;
        var tls = new SslStream(stream);
        try
        {
            var options = TlsOptions();
            options.TargetHost = Uri.Host;
            options.ApplicationProtocols = [SslApplicationProtocol.Http11];
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>An HTTP client's handler that connects here.</summary>
    public SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (_, cancellationToken) => await ConnectRawAsync(cancellationToken),
        SslOptions = TlsOptions(),
    };

    // Whose certificate it is does not matter here: what is asked is whether the connection holds.
    private static SslClientAuthenticationOptions TlsOptions() => new()
    {
#pragma warning disable CA5359 // Nothing secret is sent but a token that only this daemon takes.
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
    };

    private async Task<Stream> ConnectRawAsync(CancellationToken cancellationToken)
    {
        var socket = _endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(_endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_endPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IPAddress Reachable(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback // Kestrel's [::] takes IPv4 too, which every machine has.
        : address;
}
