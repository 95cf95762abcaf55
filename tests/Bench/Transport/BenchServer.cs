using Baton.Handover;
using Baton.Handover.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.Bench.Transport;

/// <summary>The same small application over one of the transports. It says its address, and serves until its input ends.</summary>
internal static class BenchServer
{
    public const string SmallPath = "/small";
    public const string LargePath = "/large";
    public const string PostPath = "/post";

    private const string Sockets = "sockets";
    private const string Tracked = "tracked";

    private static readonly byte[] Small = [.. Enumerable.Repeat((byte)'x', 64)];
    private static readonly byte[] Large = [.. Enumerable.Repeat((byte)'x', 100_000)];

    /// <summary>Kestrel's own; ours; ours with the middleware that follows requests.</summary>
    public static IReadOnlyList<string> Transports { get; } = [Sockets, "handover", Tracked];

    public static async Task RunAsync(string transport)
    {
        using var generation = Generation.Begin("bench");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        if (transport != Sockets)
            builder.AddHandover(generation, new HandoverOptions());
        await using var app = builder.Build();
        if (transport == Tracked)
            app.UseHandover();
        app.Run(AnswerAsync);
        await app.StartAsync();
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        // Ends with the process that started it, however that ends.
        await Console.In.ReadToEndAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == PostPath)
            await context.Request.Body.CopyToAsync(Stream.Null);
        var answer = context.Request.Path == LargePath ? Large : Small;
        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer);
    }
}
