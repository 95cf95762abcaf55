using System.Net;
using Baton.Configuration;
using Baton.Features;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Baton.Tests.Configuration;

/// <summary>The daemon's features in the test's own process, on a port that the kernel picks, without signals.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestProxy(WebApplication app, LogRecorder log)
    {
        _app = app;
        Log = log;
    }

    public LogRecorder Log { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Sends to the proxy; keeps no cookies, so that a test sees them.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseCookies = false });

    public static async Task<TestProxy> StartAsync(string file)
    {
        var loader = new ConfigurationLoader(file, new Dictionary<string, string>(), ["Kestrel:Endpoints:Http:Url=http://127.0.0.1:0"]);
        var configuration = await loader.LoadAsync(TestContext.Current.CancellationToken);
        var log = new LogRecorder();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = Path.GetDirectoryName(file) });
        builder.Logging.AddProvider(log);
        builder.AddConfiguration(loader, configuration);
        builder.AddListening();
        builder.AddProxying(configuration.Proxy);
        builder.Services.AddCookieAffinity();
        builder.Services.AddHealthKeeping();

        var app = builder.Build();
        app.UseRouting();
        Demo.Use(app, new DemoPage(7, 4711, "1.2.3", DateTimeOffset.UnixEpoch));
        app.UseProxying(configuration.Options.Retries);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var proxy = new TestProxy(app, log);
        proxy.Client.BaseAddress = new Uri(app.Urls.Single());
        return proxy;
    }

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path = "/")
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
