using Baton.Configuration;
using Baton.Features;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Baton.Tests.Configuration;

public sealed class ListeningTests
{
    [Fact]
    public async Task The_limits_are_those_of_a_proxy()
    {
        var options = await OptionsAsync("{}");

        Assert.False(options.AddServerHeader);
        Assert.Null(options.Limits.MaxRequestBodySize);
        Assert.Null(options.Limits.MinRequestBodyDataRate);
        Assert.Null(options.Limits.MinResponseDataRate);
        Assert.Equal(new KestrelServerLimits().KeepAliveTimeout, options.Limits.KeepAliveTimeout);
    }

    [Fact]
    public async Task The_section_sets_limits()
    {
        var options = await OptionsAsync("""
            { "Kestrel": { "AddServerHeader": true, "Limits": {
              "MaxRequestBodySize": 1000, "KeepAliveTimeout": "00:00:05", "Http2": { "MaxStreamsPerConnection": 7 },
              "MinRequestBodyDataRate": { "BytesPerSecond": 12.5, "GracePeriod": "00:00:03" }
            } } }
            """);

        Assert.True(options.AddServerHeader);
        Assert.Equal(1000, options.Limits.MaxRequestBodySize);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Limits.KeepAliveTimeout);
        Assert.Equal(7, options.Limits.Http2.MaxStreamsPerConnection);
        Assert.Equal(12.5, options.Limits.MinRequestBodyDataRate?.BytesPerSecond);
        Assert.Equal(TimeSpan.FromSeconds(3), options.Limits.MinRequestBodyDataRate?.GracePeriod);
        Assert.Null(options.Limits.MinResponseDataRate);
    }

    private static async Task<KestrelServerOptions> OptionsAsync(string json)
    {
        var loaded = await Load.Text(json);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.Sources.Add(new SettingsSource(loaded.Settings));
        builder.AddListening();
        await using var app = builder.Build();
        return app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
    }
}
