using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Baton.Tunnels;

/// <summary>Makes the HTTP client of one upgrade request: as YARP makes a cluster's own, with the same settings.</summary>
/// <remarks>
/// One for each request: the handler of a shared one decides by itself which of its connections serves which request. It
/// costs 4 KB of garbage; beside the connection that an upgrade needs anyway its time cannot be measured.
/// </remarks>
internal sealed class UpgradeClientFactory(UpgradeHandler upgrade) : ForwarderHttpClientFactory
{
    public HttpMessageInvoker Create(ClusterConfig cluster) => CreateClient(new ForwarderHttpClientContext
    {
        ClusterId = cluster.ClusterId,
        NewConfig = cluster.HttpClient ?? HttpClientConfig.Empty,
    });

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectCallback = upgrade.ConnectAsync;
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler)
    {
        upgrade.InnerHandler = handler;
        return upgrade;
    }
}
