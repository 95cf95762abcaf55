using System.Net;
using Baton.Handover.Hosting;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Baton.Warmup;

/// <summary>Where a warm-up request goes in place of the cluster of its route: to an answer in this process.</summary>
internal static class WarmUpDestination
{
    private static readonly Lazy<ClusterState> Cluster = new(Create);

    /// <summary>The first step of the proxy's pipeline.</summary>
    public static Task RedirectAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IInnerConnectionFeature>() is not null)
            context.ReassignProxyRequest(Cluster.Value);
        return next(context);
    }

    private static ClusterState Create()
    {
        var destination = new DestinationState("nowhere", new DestinationModel(new DestinationConfig { Address = "http://localhost/" }));
        var config = new ClusterConfig
        {
            ClusterId = "warm-up",
            HttpRequest = new ForwarderRequestConfig { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact },
        };
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = static (_, _) => ValueTask.FromResult<Stream>(new CannedStream()),
        });
        return new ClusterState(config.ClusterId, new ClusterModel(config, client))
        {
            DestinationsState = new ClusterDestinationsState([destination], [destination]),
        };
    }
}
