using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Baton.Tests.Tracing;

/// <summary>What a test needs of an OpenTelemetry collector, and of a destination that looks at its headers: it keeps what it is sent.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<Received> _received = [];

    private Collector()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(KeepAsync);
    }

    public string Address => _application.Urls.Single();

    /// <summary>The bodies hold protobuf, in which texts stand as they are; each byte is a character here.</summary>
    public IReadOnlyList<Received> All => [.. _received];

    public static async Task<Collector> StartAsync(CancellationToken cancellationToken)
    {
        var collector = new Collector();
        await collector._application.StartAsync(cancellationToken);
        return collector;
    }

    /// <summary>Waits until what came to a path, all of it together, fulfils the condition.</summary>
    public async Task<string> UntilAsync(string path, Predicate<string> condition, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var all = string.Concat(All.Where(one => one.Path == path).Select(one => one.Body));
            if (condition(all))
                return all;
            await Task.Delay(20, deadline.Token);
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task KeepAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _received.Enqueue(new Received(context.Request.Path, Encoding.Latin1.GetString(body.ToArray()), headers));
        context.Response.ContentType = "application/x-protobuf";
    }

    public sealed record Received(string Path, string Body, IReadOnlyDictionary<string, string> Headers);
}
