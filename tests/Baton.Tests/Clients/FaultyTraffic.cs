using Baton.Tests.Backends;
using Xunit;

namespace Baton.Tests.Clients;

/// <summary>Runs one client against a server that does something wrong, until the client has said so.</summary>
internal static class FaultyTraffic
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Returns what <see cref="Traffic.Lost"/> says; fails if it says nothing within ten seconds.</summary>
    public static async Task<IReadOnlyList<string>> LostAsync(Client client, params Backend[] backends)
    {
        var token = TestContext.Current.CancellationToken;
        await using var traffic = new Traffic(Deadline, backends).Add(client);
        await traffic.StartAsync(token);
        if (client.Speaks)
            await traffic.SpeakAsync(token);
        var start = TimeProvider.System.GetTimestamp();
        while (traffic.Lost().Count == 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, $"The client saw nothing wrong: {client.Report}");
            await Task.Delay(5, token);
        }
        await traffic.StopAsync(token);
        Assert.Throws<Xunit.Sdk.FailException>(() => traffic.AssertNothingLost());
        return traffic.Lost();
    }
}
