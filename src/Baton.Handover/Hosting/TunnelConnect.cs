using Microsoft.AspNetCore.Http.Features;

namespace Baton.Handover.Hosting;

/// <summary>An HTTP/2 extended CONNECT (RFC 8441) whose stream the drain can end in good order.</summary>
internal sealed class TunnelConnect(IHttpExtendedConnectFeature inner, TrackedRequest request) : IHttpExtendedConnectFeature
{
    public bool IsExtendedConnect => inner.IsExtendedConnect;

    public string? Protocol => inner.Protocol;

    public async ValueTask<Stream> AcceptAsync()
    {
        var stream = new TunnelStream(await inner.AcceptAsync(), string.Equals(Protocol, "websocket", StringComparison.OrdinalIgnoreCase), request.Policy);
        request.Tunnel = stream;
        return stream;
    }
}
