using Xunit;

namespace Baton.Handover.Tests.Upgrades;

public sealed class PausesTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_pause_is_as_long_as_it_is_meant_to_be()
    {
        var pause = _clock.PauseAsync(Length, CancellationToken.None);
        _clock.Advance(Length / 2);
        Assert.False(pause.IsCompleted);
        _clock.Advance(Length / 2);
        Assert.True(await pause);
    }

    [Fact]
    public async Task One_that_is_ended_says_so_and_throws_nothing()
    {
        using var end = new CancellationTokenSource();
        var pause = _clock.PauseAsync(Length, end.Token);
        await end.CancelAsync();
        Assert.False(await pause);
        Assert.False(await _clock.PauseAsync(Length, end.Token));
    }
}
