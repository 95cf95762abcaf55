using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Baton.Configuration;

/// <summary>The sockets that Kestrel would bind for the Url of an endpoint.</summary>
internal sealed class EndpointAddress
{
    private readonly string? _unixPath;
    private readonly int _port;
    private readonly IPAddress[] _addresses;

    public EndpointAddress(BindingAddress url)
    {
        _unixPath = url.IsUnixPipe ? url.UnixPipePath : null;
        _port = url.IsUnixPipe ? 0 : url.Port;
        _addresses = url.IsUnixPipe ? [] : AddressesOf(url.Host);
    }

    public override string ToString() => _unixPath ?? string.Create(CultureInfo.InvariantCulture, $"port {_port}");

    /// <summary>What the server will be told to listen on, as in <c>127.0.0.1:8080</c>, <c>[::]:80</c>, <c>unix:/run/app.sock</c>.</summary>
    public IEnumerable<string> ListenAddresses => EndPoints.Select(NameOf);

    /// <summary>The same, to bind.</summary>
    public IEnumerable<EndPoint> EndPoints =>
        _unixPath is not null ? [new UnixDomainSocketEndPoint(_unixPath)] : _addresses.Select(address => new IPEndPoint(address, _port));

    public static string NameOf(EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint unix ? $"unix:{unix}" : endPoint.ToString()!;

    public bool CollidesWith(EndpointAddress other)
    {
        if (_unixPath is not null || other._unixPath is not null)
            return _unixPath == other._unixPath;
        return _port != 0 && _port == other._port && _addresses.Any(mine => other._addresses.Any(theirs => Overlap(mine, theirs)));
    }

    // As Kestrel reads it: an address is meant literally, localhost is both loopbacks, any other name is every address.
    private static IPAddress[] AddressesOf(string host)
    {
        if (IPAddress.TryParse(host, out var address))
            return [address];
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : [IPAddress.IPv6Any];
    }

    /// <summary>Whether only one of two listeners on the same port can have its address.</summary>
    // Kestrel binds [::] for IPv4 too (IPV6_V6ONLY off), so it overlaps with everything: ipv6(7).
    public static bool Overlap(IPAddress a, IPAddress b) =>
        a.Equals(b) || a.Equals(IPAddress.IPv6Any) || b.Equals(IPAddress.IPv6Any)
        || (a.Equals(IPAddress.Any) && b.AddressFamily == AddressFamily.InterNetwork)
        || (b.Equals(IPAddress.Any) && a.AddressFamily == AddressFamily.InterNetwork);
}
