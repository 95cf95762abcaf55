using System.Text;
using Baton.Handover.Hosting;
using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.State;

/// <summary>One document of many parts, between two builds that need not have the same ones.</summary>
public sealed class StateKeeperTests
{
    private readonly RecordingLog<StateKeeper> _log = new();

    [Fact]
    public void Each_part_gets_what_the_part_of_its_name_has_saved_with_its_version()
    {
        var saved = Keeper(new FakePart("a", "one") { Version = 3 }, new FakePart("b", "two"), new FakePart("only here")).Save(StateMoment.TakeOver);
        var a = new FakePart("a");
        var b = new FakePart("b");
        Keeper(b, a, new FakePart("only there")).Load(saved, StateMoment.TakeOver);
        Assert.Equal([(3, "one", StateMoment.TakeOver)], a.Loaded);
        Assert.Equal([(1, "two", StateMoment.TakeOver)], b.Loaded);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public void The_document_is_what_the_README_says() =>
        Assert.Equal("""{"a":{"version":3,"data":"one"}}""", Encoding.UTF8.GetString(Keeper(new FakePart("a", "one") { Version = 3 }, new FakePart("nothing", null)).Save(StateMoment.TakeOver)));

    [Fact]
    public void A_part_that_throws_takes_nothing_from_the_others_and_is_logged()
    {
        var saved = Keeper(new FakePart("a") { Throws = true }, new FakePart("b")).Save(StateMoment.TakeOver);
        Assert.Contains("'a' could not be saved", Assert.Single(_log.Warnings), StringComparison.Ordinal);

        var b = new FakePart("b");
        Keeper(new FakePart("a") { Throws = true }, b).Load("""{"a":{"version":1,"data":""},"b":{"version":1,"data":"x"}}"""u8.ToArray(), StateMoment.Launch);
        Assert.Single(b.Loaded);
        Assert.Contains("'a' (version 1, Launch)", _log.Warnings[1], StringComparison.Ordinal);
        Assert.Contains("\"b\"", Encoding.UTF8.GetString(saved), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_is_too_large_is_left_out_and_the_rest_is_not()
    {
        var saved = Keeper(new FakePart("a", "small"), new FakePart("b", new string('x', StateFile.MaxBytes)), new FakePart("c", "small")).Save(StateMoment.TakeOver);
        Assert.InRange(saved.Length, 1, 200);
        Assert.Contains("'b'", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        var c = new FakePart("c");
        Keeper(c).Load(saved, StateMoment.End);
        Assert.Single(c.Loaded);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("{\"a\":")]
    [InlineData("[1]")]
    [InlineData("null")]
    public void What_is_no_state_is_logged_once_and_loads_nothing(string? text)
    {
        var a = new FakePart("a");
        Keeper(a).Load(text is null ? null : Encoding.UTF8.GetBytes(text), StateMoment.TakeOver);
        Assert.Empty(a.Loaded);
        Assert.Contains("cannot be read", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":{}}""")]
    [InlineData("""{"a":{"version":"1","data":""}}""")]
    [InlineData("""{"a":{"version":1.5,"data":""}}""")]
    [InlineData("""{"a":{"version":99999999999,"data":""}}""")]
    [InlineData("""{"a":{"version":1}}""")]
    public void A_part_without_its_frame_is_passed_over(string text)
    {
        var a = new FakePart("a");
        Keeper(a).Load(Encoding.UTF8.GetBytes(text), StateMoment.TakeOver);
        Assert.Empty(a.Loaded);
        Assert.Empty(_log.Warnings);
    }

    private StateKeeper Keeper(params FakePart[] parts) => new(parts, _log);
}
