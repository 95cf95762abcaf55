using Baton.Handover.Transport;
using Xunit;

namespace Baton.Handover.Tests.Transport;

/// <summary>Who runs a connection's send loop, and when.</summary>
public sealed class SendTurnTests
{
    private readonly SendTurn _turn = new(new SendQueue());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void An_answer_of_known_length_is_sent_by_who_has_written_it()
    {
        _turn.IsAtOnce = true;
        var thread = 0;
        _turn.Schedule(_ => thread = Environment.CurrentManagedThreadId, null);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Other_bytes_wait_for_their_turn(bool afterAnAnswer)
    {
        if (afterAnAnswer)
            _turn.IsAtOnce = true;
        _turn.IsAtOnce = false;
        var ran = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (var gate = new ManualResetEventSlim())
        {
            _turn.Schedule(_ => gate.Wait(Token), null); // Would never return, did it run here.
            _turn.Schedule(_ => ran.SetResult(Environment.CurrentManagedThreadId), null);
            Assert.False(ran.Task.IsCompleted);
            gate.Set();
            Assert.NotEqual(0, await ran.Task.WaitAsync(TimeSpan.FromSeconds(10), Token));
        }
    }
}
