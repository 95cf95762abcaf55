using System.Net;
using Baton.Handover.Hosting;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Baton.Warmup;

/// <summary>Where a warm-up request goes in place of the cluster of its route: to an answer in this process.</summary>
internal sealed class WarmUpDestination
{
    private ClusterState? _cluster;

    /// <summary>Sends warm-up requests there until they are over.</summary>
    /// <param name="address">Of the destination.</param>
    public IDisposable Open(string address)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        _cluster = Create(address, new HttpMessageInvoker(handler));
        return handler; // Its connections end with it.
    }

    /// <summary>The first step of the proxy's pipeline.</summary>
    public Task RedirectAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IInnerConnectionFeature>() is not null && _cluster is { } cluster)
            context.ReassignProxyRequest(cluster);
        return next(context);
    }

    private static ClusterState Create(string address, HttpMessageInvoker client)
    {
        var destination = new DestinationState("nowhere", new DestinationModel(new DestinationConfig { Address = address }));
        var config = new ClusterConfig
        {
            ClusterId = "warm-up",
            HttpRequest = new ForwarderRequestConfig { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact },
        };
        return new ClusterState(config.ClusterId, new ClusterModel(config, client))
        {
            DestinationsState = new ClusterDestinationsState([destination], [destination]),
        };
    }
}
