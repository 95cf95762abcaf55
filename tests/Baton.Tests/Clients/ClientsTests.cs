using Baton.Tests.Backends;
using Xunit;

namespace Baton.Tests.Clients;

/// <summary>Shows that a client sees nothing wrong where nothing is, and sees each fault that it is there to see.</summary>
public sealed class ClientsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryClient_AgainstTheBackend_LosesNothing()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var http2 = await Http2Server.StartAsync(cancellationToken: Token);
        await using var traffic = new Traffic(Deadline, backend).Add(EveryKind(backend.Port, http2.Port));

        await RunAsync(traffic);

        traffic.AssertNothingLost();
        TestContext.Current.TestOutputHelper!.WriteLine(traffic.Summary());
    }

    [Fact]
    public async Task EveryClient_ThroughTheDelayingProxy_LosesNothing()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var http2 = await Http2Server.StartAsync(cancellationToken: Token);
        await using var proxy = new DelayingProxy(backend.Port, TimeSpan.FromMilliseconds(10));
        await using var http2Proxy = new DelayingProxy(http2.Port, TimeSpan.FromMilliseconds(10));
        await using var traffic = new Traffic(Deadline, backend).Add(EveryKind(proxy.Port, http2Proxy.Port));

        await RunAsync(traffic);

        traffic.AssertNothingLost();
        Assert.All(traffic.Reports, report => Assert.True(report.LongestAnswer > TimeSpan.FromMilliseconds(20), report.ToString()));
        TestContext.Current.TestOutputHelper!.WriteLine(traffic.Summary());
    }

    private static Client[] EveryKind(int port, int http2Port) =>
    [
        new KeepAliveClient(port, 2, 5),
        new KeepAliveClient(port, 2, 50),
        new KeepAliveClient(port, 1),
        new ConnectionPerRequestClient(port),
        new IdleAcrossClient(port, 20),
        new FreshAcrossClient(port, 20),
        new InFlightClient(port, 5, 500),
        new SlowDownloadClient(port, bytes: 1_000_001),
        new SlowDownloadClient(port, bytes: 1_000_001, chunked: true),
        new SlowUploadClient(port, bytes: 500_001, duration: TimeSpan.FromMilliseconds(500)),
        new SlowUploadClient(port, bytes: 500_001, duration: TimeSpan.FromMilliseconds(500), chunked: true),
        new EventStreamClient(port, events: 5, milliseconds: 50),
        new WebSocketEchoClient(port, 3),
        new Http2Client(http2Port, 2),
    ];

    private static async Task RunAsync(Traffic traffic)
    {
        await traffic.StartAsync(Token);
        await traffic.SpeakAsync(Token);
        await traffic.SpeakAsync(Token);
        await traffic.WaitForAnswersAsync(2, cancellationToken: Token);
        await traffic.StopAsync(Token);
    }
}
