using System.Security.Cryptography;
using Baton.Tests.Backends;
using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Upgrades;

/// <summary>A listener that generations share is as good for the last one as it was for the first.</summary>
public sealed class SharedListenerTests
{
    private const int Downloads = 8;
    private const int Bytes = 4_000_000;
    private const int BytesPerSecond = 2_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_three_generations_it_has_no_linger()
    {
        await using var daemon = await DaemonProcess.StartAsync(Config().Listen("http://[::1]:0"), new DaemonStart { Listeners = 2 });
        for (var generation = 1; generation <= 4; generation++)
        {
            if (generation > 1)
                await daemon.UpgradeAsync();
            var process = await daemon.WaitForOneProcessAsync();
            var listeners = OpenDescriptors.Links(process.Pid)
                .Where(link => link.Target.StartsWith("socket:", StringComparison.Ordinal))
                .Select(link => DuplicatedSocket.Look(process.Pid, link.Fd))
                .Where(socket => socket.Listens)
                .ToList();

            Assert.InRange(listeners.Count, 3, 4); // The admin socket is one; .NET's own, for diagnostics, may be the fourth.
            Assert.All(listeners, socket => Assert.Equal((true, 0, 0), socket));
        }
        daemon.AssertNoUnexpectedWarnings();
    }

    [Fact]
    public async Task After_three_generations_large_answers_that_close_arrive_whole()
    {
        await using var backend = await Backend.StartAsync(cancellationToken: Token);
        await using var daemon = await DaemonProcess.StartAsync(Config().ForwardTo(backend.Address));
        for (var generation = 2; generation <= 4; generation++)
            await daemon.UpgradeAsync();

        // Two more begin while the next upgrade is under way, and end in the drain.
        var downloads = Enumerable.Range(0, Downloads).Select(_ => DownloadAsync(daemon.Port)).ToList();
        await backend.WaitForInFlightAsync(1, Token);
        await daemon.UpgradeAsync();
        downloads.AddRange(Enumerable.Range(0, Downloads).Select(_ => DownloadAsync(daemon.Port)));

        Assert.All(await Task.WhenAll(downloads), hash => Assert.Equal(Backend.HashOfBytes(Bytes), hash));
        await daemon.WaitForOneProcessAsync();
        daemon.AssertNoUnexpectedWarnings();
    }

    private static ConfigBuilder Config() =>
        new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:01");

    // The receive buffer is small and the reader slow, so that most of the answer is still to come when the daemon closes.
    private static async Task<string> DownloadAsync(int port)
    {
        using var connection = await Http1Connection.OpenAsync(port, new ClientReport("download"), 32 * 1024, Token);
        await connection.SendAsync($"GET /bytes?n={Bytes} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", Token);
        var head = await connection.Reader.ReadHeadAsync(Token);
        Assert.True(head.Closes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var pace = new Pace(BytesPerSecond);
        await connection.Reader.ReadBodyAsync(
            head,
            (piece, token) =>
            {
                hash.AppendData(piece.Span);
                return pace.KeepAsync(piece.Length, token);
            },
            Token);
        await connection.Reader.ReadEndAsync(Token);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
