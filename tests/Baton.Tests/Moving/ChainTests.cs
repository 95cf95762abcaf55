using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>Upgrades that follow one another while the first generation still has something to finish.</summary>
public sealed class ChainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_comes_to_a_generation_that_is_done_goes_on_to_the_one_that_serves()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(new ConfigBuilder().Listen().ForwardTo(backend.Address).Baton("Probation", "00:00:00"));
        var connects = new ConnectCounter();
        using var handler = connects.Handler();
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}") };
        var held = client.GetAsync(new Uri("/held", UriKind.Relative), Token);
        await backend.WaitForInFlightAsync(1, Token);
        await daemon.UpgradeAsync();
        await daemon.UpgradeAsync();
        await daemon.WaitForLogAsync("handed over to 3");
        Assert.Equal(3, daemon.LiveGenerations().Count);

        backend.Held.Open();
        using var first = await held;
        await daemon.WaitForOneProcessAsync();
        using var second = await client.GetAsync(new Uri("/echo?id=second", UriKind.Relative), Token);

        Assert.Equal((1, true, true), (connects.Count, first.IsSuccessStatusCode, second.IsSuccessStatusCode));
        daemon.AssertNoUnexpectedWarnings();
    }
}
