using System.Net;
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

/// <summary>A server over this transport, in this process, without anything that upgrades it.</summary>
internal static class TransportApp
{
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

    public static Task WaitAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(condition, what, Patience);
}
