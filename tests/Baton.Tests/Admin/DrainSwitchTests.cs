using System.Text.Json;
using Baton.Admin;
using Baton.Handover;
using Baton.Handover.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Baton.Tests.Admin;

/// <summary>Which of two generations' words on the drain holds.</summary>
public sealed class DrainSwitchTests
{
    private readonly SettableClock _clock = new();

    [Fact]
    public void A_successor_is_drained_if_its_predecessor_was()
    {
        var predecessor = Switch();
        Assert.Null(predecessor.Save());
        predecessor.Set(true, "a test");
        var successor = Switch();
        var told = 0;
        successor.Switched += () => told++;

        successor.Load(1, Saved(predecessor), StateMoment.Launch);
        successor.Load(1, Saved(predecessor), StateMoment.TakeOver);

        Assert.Equal((true, 1), (successor.IsOn, told));
    }

    [Fact]
    public void What_was_asked_for_last_holds_whoever_was_asked()
    {
        var predecessor = Switch();
        predecessor.Set(true, "a test");
        var successor = Switch();
        successor.Load(1, Saved(predecessor), StateMoment.TakeOver);
        _clock.Now += TimeSpan.FromSeconds(1);
        successor.Set(false, "a test");

        successor.Load(1, Saved(predecessor), StateMoment.End);
        Assert.False(successor.IsOn);

        _clock.Now += TimeSpan.FromSeconds(1);
        predecessor.Set(false, "a test");
        predecessor.Set(true, "a test");
        successor.Load(1, Saved(predecessor), StateMoment.End);
        Assert.True(successor.IsOn);
    }

    [Fact]
    public void A_version_of_a_later_build_is_passed_over()
    {
        var drain = Switch();
        drain.Load(2, JsonDocument.Parse("""{ "isOn": true, "since": "2030-01-01T00:00:00Z" }""").RootElement, StateMoment.TakeOver);
        Assert.False(drain.IsOn);
    }

    private DrainSwitch Switch() => new(new LeaveSwitch(), _clock, NullLogger<DrainSwitch>.Instance);

    private static JsonElement Saved(DrainSwitch drain) => drain.Save()!.Value;

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
