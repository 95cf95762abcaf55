using Baton.Tests.Backends;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Baton.Tests.Configuration;

public sealed class RoutingTests
{
    [Fact]
    public async Task The_first_request_finds_the_routes_made_and_changes_none()
    {
        await using var backend = await Backend.StartAsync("one", TestContext.Current.CancellationToken);
        using var folder = new ConfigFolder(Load.Proxy(address: backend.Address));
        await using var proxy = await TestProxy.StartAsync(folder.File);
        var change = proxy.Services.GetRequiredService<EndpointDataSource>().GetChangeToken();

        Assert.Equal("one", (await proxy.GetAsync()).Body);

        Assert.False(change.HasChanged);
    }
}
