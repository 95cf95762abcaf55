using Baton.Tests.Backends;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Yarp.ReverseProxy.SessionAffinity;

namespace Baton.Tests.Configuration;

public sealed class CookieAffinityTests
{
    [Fact]
    public async Task HashCookie_keeps_a_client_at_its_destination_in_every_generation()
    {
        await using var one = await Backend.StartAsync("one", TestContext.Current.CancellationToken);
        await using var two = await Backend.StartAsync("two", TestContext.Current.CancellationToken);
        using var folder = new ConfigFolder(Sticky(one, two));
        await using var proxy = await TestProxy.StartAsync(folder.File);
        await using var successor = await TestProxy.StartAsync(folder.File);
        var cookies = new Dictionary<string, string>();
        await Eventually.Holds(
            async () =>
            {
                var (body, cookie) = await AskAsync(proxy, null);
                cookies[body] = cookie!;
                return cookies.Count == 2;
            },
            "both backends have answered a client without a cookie");

        foreach (var (name, cookie) in cookies)
        {
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal((name, null), await AskAsync(proxy, cookie));
                Assert.Equal((name, null), await AskAsync(successor, cookie));
            }
        }
    }

    [Fact]
    public async Task A_cookie_of_a_destination_that_is_gone_is_replaced()
    {
        await using var one = await Backend.StartAsync("one", TestContext.Current.CancellationToken);
        using var folder = new ConfigFolder(Sticky(one));
        await using var proxy = await TestProxy.StartAsync(folder.File);

        var (body, cookie) = await AskAsync(proxy, "sticky=0123456789abcdef");

        Assert.Equal("one", body);
        Assert.NotNull(cookie);
    }

    [Fact]
    public async Task The_cookie_has_the_attributes_of_the_configuration()
    {
        await using var one = await Backend.StartAsync("one", TestContext.Current.CancellationToken);
        using var folder = new ConfigFolder(Sticky(one));
        await using var proxy = await TestProxy.StartAsync(folder.File);

        using var response = await proxy.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^sticky=[0-9a-f]{16}; max-age=3600; domain=example.org; path=/app; secure; samesite=strict; httponly$", cookie);
    }

    [Fact]
    public async Task Every_affinity_policy_of_YARP_is_there_once()
    {
        using var folder = new ConfigFolder("{}");
        await using var proxy = await TestProxy.StartAsync(folder.File);

        var names = proxy.Services.GetServices<ISessionAffinityPolicy>().Select(policy => policy.Name);

        Assert.Equal(["ArrCookie", "Cookie", "CustomHeader", "HashCookie"], names.Order(StringComparer.Ordinal));
    }

    private static string Sticky(params Backend[] backends) => $$"""
        { "ReverseProxy": {
          "Routes": { "r": { "ClusterId": "c", "Match": { "Path": "/{**rest}" } } },
          "Clusters": { "c": {
            "LoadBalancingPolicy": "RoundRobin",
            "Destinations": { {{string.Join(", ", backends.Select(backend => $$""" "{{backend.Name}}": { "Address": "{{backend.Address}}" } """))}} },
            "SessionAffinity": { "Enabled": true, "Policy": "HashCookie", "AffinityKeyName": "sticky",
              "Cookie": { "MaxAge": "01:00:00", "Domain": "example.org", "Path": "/app", "SecurePolicy": "Always", "SameSite": "Strict" } } } }
        } }
        """;

    private static async Task<(string Body, string? Cookie)> AskAsync(TestProxy proxy, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var response = await proxy.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var set = response.Headers.TryGetValues("Set-Cookie", out var values) ? values.Single().Split(';')[0] : null;
        return (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), set);
    }
}
