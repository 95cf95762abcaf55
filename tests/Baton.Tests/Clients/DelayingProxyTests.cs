using System.Net;
using System.Net.Sockets;
using Baton.Tests.Backends;
using Xunit;

namespace Baton.Tests.Clients;

/// <summary>The delaying proxy changes when things arrive, and nothing else.</summary>
public sealed class DelayingProxyTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "reset after")]
    [InlineData(false, "end of file after")]
    public async Task Proxy_EndOfTheServer_ArrivesAsWhatItWas(bool reset, string happened)
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
            if (reset)
            {
                // A RST overtakes what the receiver has not read yet: let the proxy read first.
                await Task.Delay(50, Token);
                connection.Reset();
            }
        });
        await using var proxy = new DelayingProxy(server.Port, Delay);

        var lost = await FaultyTraffic.LostAsync(new InFlightClient(proxy.Port, 1));

        Assert.Contains(happened, lost[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_ServerRefuses_ResetsTheClient()
    {
        var server = new FaultyServer(_ => Task.CompletedTask);
        await using var proxy = new DelayingProxy(server.Port, Delay);
        await server.DisposeAsync();

        var lost = await FaultyTraffic.LostAsync(new InFlightClient(proxy.Port, 1));

        Assert.Contains("reset", lost[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Proxy_EndOfTheClient_ArrivesAsWhatItWas(bool reset)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new FaultyServer(async connection =>
        {
            try
            {
                await connection.ReadToEndAsync();
                seen.SetResult("FIN");
            }
            catch (SocketException e)
            {
                seen.SetResult(e.SocketErrorCode.ToString());
            }
        });
        await using var proxy = new DelayingProxy(server.Port, Delay);

        using (var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await client.ConnectAsync(IPAddress.Loopback, proxy.Port, Token);
            if (reset)
                client.LingerState = new LingerOption(true, 0);
        }

        Assert.Equal(reset ? "ConnectionReset" : "FIN", await seen.Task.WaitAsync(TimeSpan.FromSeconds(10), Token));
    }

    // Why the proxy exists: this server closes idle connections without a word. Over bare loopback the client mostly sees
    // it in time; over a path with a delay its next request crosses the FIN on the wire.
    [Fact]
    public async Task Proxy_ServerThatClosesIdleConnections_LosesARequest()
    {
        await using var server = new FaultyServer(async connection =>
            await connection.AnswerAsync(FaultyConnection.IdOf(await connection.ReadHeadAsync())));
        await using var proxy = new DelayingProxy(server.Port, Delay);

        var lost = await FaultyTraffic.LostAsync(new KeepAliveClient(proxy.Port, connections: 20));

        Assert.Contains("instead of an answer", lost[0], StringComparison.Ordinal);
    }
}
