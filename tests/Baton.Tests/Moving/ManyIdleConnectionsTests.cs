using Baton.Tests.Clients;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Moving;

/// <summary>Thousands of idle connections at once: all of them move, and none waits long for its turn.</summary>
public sealed class ManyIdleConnectionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5_000)]
    [InlineData(10_000)]
    public async Task Each_is_answered_by_the_new_generation(int count)
    {
        var config = new ConfigBuilder().Listen().Baton("Probation", "00:00:00").Baton("IdleLinger", "00:00:00.200");
        await using var daemon = await DaemonProcess.StartAsync(config);
        var pages = new Page[count];
        try
        {
            await Parallel.ForAsync(0, count, Together, async (number, token) =>
            {
                pages[number] = await Page.OpenAsync(daemon.Port, token);
                Assert.Equal(1, await pages[number].GenerationAsync(token));
            });
            var predecessor = daemon.Current;
            await daemon.UpgradeAsync();
            await daemon.WaitForExitAsync(predecessor.Pid);

            var lost = 0;
            await Parallel.ForAsync(0, count, Together, async (number, token) =>
            {
                try
                {
                    Assert.Equal(2, await pages[number].GenerationAsync(token));
                }
                catch (ResponseLostException)
                {
                    Interlocked.Increment(ref lost);
                }
            });
            Assert.Equal((0, count), (lost, count));
            daemon.AssertNoUnexpectedWarnings();
        }
        finally
        {
            foreach (var page in pages)
                page?.Dispose();
        }
    }

    // Far fewer than the queue of the listener holds.
    private static ParallelOptions Together => new() { MaxDegreeOfParallelism = 64, CancellationToken = Token };
}
