using Microsoft.AspNetCore.Http.Features;

namespace Baton.Handover.Hosting;

/// <summary>An HTTP/1.1 upgrade whose stream the drain can end in good order.</summary>
internal sealed class TunnelUpgrade(IHttpUpgradeFeature inner, TrackedRequest request, bool isWebSocket) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public bool IsWebSocket => isWebSocket;

    public TrackedRequest Request => request;

    public async Task<Stream> UpgradeAsync()
    {
        request.Connection.LetGoOn(); // What comes behind this request is for the tunnel.
        var stream = new TunnelStream(await inner.UpgradeAsync(), isWebSocket, request.Policy);
        request.Tunnel = stream;
        return stream;
    }

    /// <summary>Accepts for somebody who will take the socket itself.</summary>
    public Task AcceptAsync() => inner.UpgradeAsync();
}
