using System.Text;
using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Processes;

/// <summary>The one message on the ready pipe.</summary>
public sealed class ReadyMessageTests
{
    private static readonly string[] TooLong = [.. Enumerable.Repeat(new string('x', 5000), 1000)];

    private static readonly ReadyMessage Ready = new(Inheritance.Version, 42, 2, "1.0");

    [Fact]
    public void Ready_with_released_listeners_is_read_as_written()
    {
        var read = ReadyMessage.Parse((Ready with { Released = [3, 5] }).ToBytes());
        Assert.True(read.IsReady);
        Assert.Equal([3, 5], read.Released!);
        Assert.Equal(42, read.Pid);
    }

    [Fact]
    public void What_a_rehearsal_learns_is_read_as_written_and_absent_from_a_build_that_does_not_say()
    {
        var read = ReadyMessage.Parse((Ready with { Bound = ["127.0.0.1:80"], Warnings = ["careful"] }).ToBytes());
        Assert.Equal(["127.0.0.1:80"], read.Bound!);
        Assert.Equal(["careful"], read.Warnings!);
        var silent = ReadyMessage.Parse(Ready.ToBytes());
        Assert.True(silent is { Bound: null, Warnings: null });
    }

    [Fact]
    public void Every_reason_arrives()
    {
        var read = ReadyMessage.Parse((Ready with { Failed = ["one", "two"] }).ToBytes());
        Assert.False(read.IsReady);
        Assert.Equal(["one", "two"], read.Failed!);
    }

    [Fact]
    public void A_message_is_never_longer_than_what_is_read() =>
        Assert.All(
            [Ready with { Failed = TooLong }, Ready with { Failed = [.. Enumerable.Repeat(new string('ü', 5000), 1000)] }, Ready with { Bound = TooLong }, Ready with { Bound = TooLong, Warnings = [.. Enumerable.Repeat(new string('ü', 300), 20)] }],
            message => Assert.InRange(message.ToBytes().Length, 1, ReadyMessage.MaxBytes));

    [Fact]
    public void A_build_that_knows_nothing_of_warming_up_reads_the_message_behind_it() =>
        Assert.True(ReadyMessage.Parse([ReadyMessage.WarmingUp, .. Ready.ToBytes()]).IsReady);

    [Theory]
    [InlineData("hello")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"version":99,"pid":1,"generation":2,"build":"x"}""")]
    public void Anything_else_is_refused(string text) =>
        Assert.Throws<HandoverException>(() => ReadyMessage.Parse(Encoding.UTF8.GetBytes(text)));
}
