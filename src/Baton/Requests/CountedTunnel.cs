using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Requests;

/// <summary>A tunnel that YARP carries, over HTTP/1.1 or HTTP/2 (RFC 8441), of which the bytes are counted.</summary>
internal sealed class CountedTunnel(IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect, ServedRequest request) : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    public bool IsUpgradableRequest => upgrade?.IsUpgradableRequest == true;

    public bool IsExtendedConnect => connect?.IsExtendedConnect == true;

    public string? Protocol => connect?.Protocol;

    /// <summary>Counts the tunnel that this request may become.</summary>
    public static void Expect(HttpContext context)
    {
        // A look at the request first: few are such, and the server searches long for a feature.
        var isConnect = HttpMethods.IsConnect(context.Request.Method);
        if ((!isConnect && context.Request.Headers.Upgrade.Count == 0) || context.Features.Get<ServedRequest>() is not { } request)
            return;
        if (isConnect && context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            context.Features.Set<IHttpExtendedConnectFeature>(new CountedTunnel(null, connect, request));
        else if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            context.Features.Set<IHttpUpgradeFeature>(new CountedTunnel(upgrade, null, request));
    }

    public async Task<Stream> UpgradeAsync() => new CountedStream(await upgrade!.UpgradeAsync(), request);

    public async ValueTask<Stream> AcceptAsync() => new CountedStream(await connect!.AcceptAsync(), request);
}
