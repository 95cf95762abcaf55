using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace Baton.Tests.Backends;

/// <summary>A Kestrel that speaks only HTTP/2, to prove the HTTP/2 client without the daemon.</summary>
public sealed class Http2Server : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _requests;

    private Http2Server()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public int Port { get; private set; }

    /// <summary>The request, counted from 1, whose connection is asked to go away. Default: none.</summary>
    public int GoesAwayAt { get; init; }

    public static async Task<Http2Server> StartAsync(int goesAwayAt = 0, CancellationToken cancellationToken = default)
    {
        var server = new Http2Server { GoesAwayAt = goesAwayAt };
        await server._application.StartAsync(cancellationToken);
        server.Port = new Uri(server._application.Urls.Single()).Port;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _application.StopAsync(soon.Token);
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _requests) == GoesAwayAt)
        {
            // The request that asks holds the connection open until the client has long seen the GOAWAY: Kestrel ends a
            // connection without streams at once, with a second GOAWAY that refuses those still on the wire.
            context.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().RequestClose();
            await Task.Delay(200, context.RequestAborted);
        }
        if (HttpMethods.IsPost(context.Request.Method))
            await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
        else
            await context.Response.WriteAsync(context.Request.Query["id"].ToString(), context.RequestAborted);
    }
}
