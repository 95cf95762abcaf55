using Baton.Handover.Hosting;
using Baton.Handover.Transport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Baton.Handover.Tests.Transport;

public sealed class MoveRehearsalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    public async Task A_connection_of_a_private_listener_goes_out_of_the_server_and_in_again_and_leaves_nothing_behind(bool isPrivate, int times)
    {
        var begun = 0;
        await using var app = await TransportApp.StartAsync(
            _ => Task.CompletedTask,
            listen => listen.Use(next => connection =>
            {
                Interlocked.Increment(ref begun);
                return next(connection);
            }));
        var factory = app.Services.GetRequiredService<HandoverListenerFactory>();
        factory.Listeners.Single().Listener.IsPrivate = isPrivate;
        var table = app.Services.GetRequiredService<ConnectionTable>();

        await new MoveRehearsal(new InnerConnections(factory, TimeProvider.System), factory, TimeProvider.System).PrepareAsync(Token);

        await TransportApp.WaitAsync(() => Volatile.Read(ref begun) == times, "the server to have it as often");
        await TransportApp.WaitAsync(() => table.Count == 0, "the connection to be over");
        Assert.Equal(0, app.Services.GetRequiredService<TrafficCounters>().Own.Connections);
    }
}
