using Xunit;

namespace Baton.Handover.Tests;

/// <summary>A wait for what nothing tells of.</summary>
internal static class Eventually
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits until a condition holds; fails if it does not in time.</summary>
    /// <param name="condition">Looked at again and again.</param>
    /// <param name="what">For the failure: "Waited in vain for …".</param>
    /// <param name="deadline">Far more than it takes.</param>
    public static async Task HoldsAsync(Func<bool> condition, string what, TimeSpan deadline)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < deadline, $"Waited in vain for {what}.");
            await Task.Delay(LookInterval, TestContext.Current.CancellationToken);
        }
    }
}
