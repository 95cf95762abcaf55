using System.Net;
using System.Net.Sockets;
using System.Text;
using Baton.Handover.Sockets;
using Baton.Handover.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace Baton.Handover.Tests.Transport;

/// <summary>A server over this transport, in this process, without anything that upgrades it, and what its clients do.</summary>
internal static class TransportApp
{
    public const string Request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts one with one listener, which does not accept yet.</summary>
    public static async Task<WebApplication> StartAsync(RequestDelegate answer, Action<ListenOptions>? listening = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listening?.Invoke(listen)));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(new HandoverOptions()).AddSingleton(new ListenSockets([]))
            .AddSingleton<TrafficCounters>().AddSingleton<ConnectionTable>().AddSingleton<HandoverListenerFactory>()
            .RemoveAll<IConnectionListenerFactory>()
            .AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<HandoverListenerFactory>());
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(Token);
        return app;
    }

    /// <summary>Begins to accept, and says where.</summary>
    public static EndPoint Accept(WebApplication app)
    {
        var listener = app.Services.GetRequiredService<HandoverListenerFactory>().Listeners.Single();
        listener.Accept();
        return listener.Listener.LocalEndPoint;
    }

    /// <summary>Answers as under the middleware that knows which requests are in flight.</summary>
    /// <param name="context">The request.</param>
    /// <param name="answered">Between the answer and the end of the request.</param>
    /// <param name="took">How long it is said to have taken.</param>
    public static async Task AnswerAsync(HttpContext context, Func<Task>? answered = null, TimeSpan took = default)
    {
        var connection = context.Features.Get<HandoverConnection>()!;
        connection.BeginRequest(TimeProvider.System.GetTimestamp(), 0);
        context.Response.ContentLength = 6;
        await context.Response.WriteAsync("answer");
        if (answered is not null)
            await answered();
        connection.EndRequest(TimeProvider.System.GetTimestamp(), took);
    }

    public static async Task SendRequestAsync(Socket client) => await client.SendAsync(Encoding.ASCII.GetBytes(Request), Token);

    public static async Task ExpectAnswerAsync(Socket client) => Assert.EndsWith("\r\n\r\nanswer", await ReadAsync(client), StringComparison.Ordinal);

    public static async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[1024];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Token));
    }

    public static Task WaitAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(condition, what, Patience);
}
