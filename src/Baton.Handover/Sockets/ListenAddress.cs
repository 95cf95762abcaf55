using System.Net;
using System.Net.Sockets;

namespace Baton.Handover.Sockets;

/// <summary>
/// What a listener was asked to listen on, the identity by which a successor finds it again: <c>127.0.0.1:8080</c>,
/// <c>[::]:8080</c>, <c>unix:/run/app.sock</c>. Port 0 stays 0, whatever port the kernel gave.
/// </summary>
internal readonly record struct ListenAddress
{
    private const string UnixPrefix = "unix:";

    private readonly string _text;

    private ListenAddress(string text) => _text = text;

    /// <exception cref="HandoverException">It is neither an IP endpoint nor a Unix-domain socket.</exception>
    public static ListenAddress Of(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint ip => new ListenAddress(ip.ToString()),
        UnixDomainSocketEndPoint unix => new ListenAddress(UnixPrefix + unix),
        _ => throw new HandoverException($"Listening on {endPoint} ({endPoint.GetType().Name}) is not supported: only TCP addresses and Unix-domain sockets can be handed over."),
    };

    /// <summary>An address as a predecessor wrote it; what this build does not know simply never matches.</summary>
    public static ListenAddress FromText(string text) => new(text);

    public override string ToString() => _text;
}
