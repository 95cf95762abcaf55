using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Processes;

/// <summary>The text between two builds: what is written is read, and nothing else is believed.</summary>
public sealed class InheritanceTests
{
    private static readonly Inheritance Example = new(2, 4711, 5, 6, [new InheritedListener(3, "127.0.0.1:8080"), new InheritedListener(4, "unix:/run/a b.sock")]);

    [Fact]
    public void What_is_written_is_read()
    {
        var read = Inheritance.Parse(Example.ToText());
        Assert.Equal(Example.Listeners, read.Listeners);
        Assert.Equal(Example with { Listeners = read.Listeners }, read);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(2, null)]
    [InlineData(-1, null)]
    [InlineData(null, null)]
    public void The_file_with_the_state_is_read_where_there_can_be_one_and_passed_over_otherwise(int? written, int? read) =>
        Assert.Equal(read, Inheritance.Parse((Example with { State = written }).ToText()).State);

    [Fact]
    public void A_text_of_a_build_that_passes_no_state_is_read()
    {
        Assert.DoesNotContain("state", Example.ToText(), StringComparison.Ordinal);
        Assert.Null(Inheritance.Parse(Example.ToText()).State);
    }

    [Fact]
    public void Whether_it_is_a_rehearsal_is_read_and_written_only_where_it_is_one()
    {
        Assert.True(Inheritance.Parse((Example with { IsRehearsal = true }).ToText()).IsRehearsal);
        Assert.False(Inheritance.Parse(Example.ToText()).IsRehearsal);
        Assert.DoesNotContain("rehearsal", Example.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_ready_pipe_is_found_in_a_text_of_any_version() =>
        Assert.Equal(9, Inheritance.ReadyPipeOf("77 9 whatever that version writes"));

    [Fact]
    public void An_unknown_version_is_refused_by_its_number() =>
        Assert.Contains("version 77", Assert.Throws<HandoverException>(() => Inheritance.Parse("77 9 {}")).Message, StringComparison.Ordinal);

    [Fact]
    public void What_a_later_build_adds_is_passed_over()
    {
        var text = Example.ToText().Replace("{\"generation\"", "{\"later\":[1],\"generation\"", StringComparison.Ordinal);
        Assert.Equal(2, Inheritance.Parse(text).Generation);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 5")]
    [InlineData("1 x {}")]
    [InlineData("1 2 {}")]
    [InlineData("1 5 {")]
    [InlineData("1 5 null")]
    [InlineData("1 5 {}")]
    [InlineData("""1 5 {"generation":2,"predecessor":1,"channel":0,"listeners":[]}""")]
    [InlineData("""1 5 {"generation":2,"predecessor":1,"channel":6,"listeners":[{"fd":1,"address":"x"}]}""")]
    [InlineData("""1 5 {"generation":2,"predecessor":1,"channel":6,"listeners":null}""")]
    public void Damaged_text_is_refused(string text) => Assert.Throws<HandoverException>(() => Inheritance.Parse(text));
}
