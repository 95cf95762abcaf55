using Microsoft.AspNetCore.Http.Features;

namespace Baton.Handover.Hosting;

/// <summary>An HTTP/1.1 upgrade whose stream the drain can end in good order.</summary>
internal sealed class TunnelUpgrade(IHttpUpgradeFeature inner, TrackedRequest request, bool isWebSocket) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => request.Tunnel = new TunnelStream(await inner.UpgradeAsync(), isWebSocket);
}
