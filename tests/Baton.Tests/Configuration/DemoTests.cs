using System.Net;
using Baton.Tests.Backends;
using Xunit;

namespace Baton.Tests.Configuration;

public sealed class DemoTests
{
    private static readonly string[] Facts = ["generation", "7", "pid", "4711", "version", "1.2.3", "started", "1970-01-01 00:00:00Z", "kill -HUP 4711"];

    [Theory]
    [InlineData("*/*", "text/plain")]
    [InlineData("text/html,application/xhtml+xml;q=0.9", "text/html")]
    public async Task Without_routes_every_path_names_the_generation(string accept, string type)
    {
        using var folder = new ConfigFolder("{}");
        await using var proxy = await TestProxy.StartAsync(folder.File);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/any/path.txt?at=all");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await proxy.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.False(response.Headers.Contains("Server"));
        Assert.All(Facts, fact => Assert.Contains(fact, body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_routes_appear_what_matches_none_is_not_found_and_back()
    {
        await using var backend = await Backend.StartAsync("one", TestContext.Current.CancellationToken);
        using var folder = new ConfigFolder("{}");
        await using var proxy = await TestProxy.StartAsync(folder.File);
        Assert.Equal(HttpStatusCode.OK, (await proxy.GetAsync("/elsewhere")).Status);

        folder.Replace(Load.Proxy(address: backend.Address).Replace("/{**rest}", "/", StringComparison.Ordinal));
        await Eventually.Holds(async () => (await proxy.GetAsync()).Body == "one", "the backend answers");
        Assert.Equal((HttpStatusCode.NotFound, ""), await proxy.GetAsync("/elsewhere"));

        folder.Replace("{}");
        await Eventually.Holds(async () => (await proxy.GetAsync("/elsewhere")).Status == HttpStatusCode.OK, "the page is back");
    }
}
