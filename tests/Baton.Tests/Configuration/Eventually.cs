using Xunit;

namespace Baton.Tests.Configuration;

/// <summary>Waits for what must come, as long as it must, and no longer.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static Task Holds(Func<bool> condition, string what) => Holds(() => Task.FromResult(condition()), what);

    public static async Task Holds(Func<Task<bool>> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, $"After {Deadline.TotalSeconds} s still not: {what}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
