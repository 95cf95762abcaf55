using Baton.Handover.Processes;
using Baton.Handover.Tests.Upgrades;
using Xunit;

namespace Baton.Handover.Tests.Processes;

/// <summary>What was passed is answered, refused, or was never adopted.</summary>
public sealed class PassageTests : IDisposable
{
    private static readonly ChannelMessage Batch = new(ChannelMessage.Connections);

    private readonly FakeSuccessor _successor = new(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_build_takes_what_it_has_named(bool names) =>
        Assert.Equal(names, new Passage(_successor, names ? [ChannelMessage.Connections] : []).Takes(ChannelMessage.Connections));

    [Fact]
    public async Task Each_answer_belongs_to_its_question_in_whatever_order_they_come()
    {
        var passage = new Passage(_successor, [ChannelMessage.Connections]);
        var first = passage.PassAsync(Batch, default, Token);
        var second = passage.PassAsync(Batch, default, Token);

        Assert.True(passage.TryAnswer(new ChannelMessage(ChannelMessage.Adopted) { Number = 2, Refused = [1] }));
        Assert.Equal([1], (await second)!);
        Assert.False(first.IsCompleted);
        Assert.True(passage.TryAnswer(new ChannelMessage(ChannelMessage.Adopted) { Number = 1 }));
        Assert.Empty((await first)!);
    }

    [Fact]
    public async Task What_was_not_answered_when_the_successor_died_was_not_adopted()
    {
        var passage = new Passage(_successor, [ChannelMessage.Connections]);
        var unanswered = passage.PassAsync(Batch, default, Token);
        passage.Close();

        Assert.Null(await unanswered);
        Assert.Null(await passage.PassAsync(Batch, default, Token));
        Assert.False(passage.Takes(ChannelMessage.Connections));
    }

    [Fact]
    public async Task A_successor_that_is_gone_adopts_nothing()
    {
        _successor.Die();
        Assert.Null(await new Passage(_successor, [ChannelMessage.Connections]).PassAsync(Batch, default, Token));
    }

    [Fact]
    public void Other_messages_and_answers_to_nothing_change_nothing()
    {
        var passage = new Passage(_successor, []);
        Assert.False(passage.TryAnswer(new ChannelMessage(ChannelMessage.Leaving)));
        Assert.True(passage.TryAnswer(new ChannelMessage(ChannelMessage.Adopted) { Number = 99 }));
        Assert.True(passage.TryAnswer(new ChannelMessage(ChannelMessage.Adopted)));
    }

    public void Dispose() => _successor.Dispose();
}
