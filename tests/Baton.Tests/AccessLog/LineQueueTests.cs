using System.Text;
using Baton.AccessLog;
using Xunit;

namespace Baton.Tests.AccessLog;

public sealed class LineQueueTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public void What_has_no_room_is_dropped_and_counted_and_there_is_room_again_after_a_batch()
    {
        var queue = new LineQueue(64);
        for (var line = 0; line < 70; line++)
            queue.Add("line\n"u8);
        Assert.Equal(6, queue.Dropped);

        Assert.Equal(64, queue.Take(Long, TimeSpan.Zero, out var batch));
        Assert.Equal(64 * 5, batch.Length);
        queue.Add("next\n"u8);
        Assert.Equal(1, queue.Take(Long, TimeSpan.Zero, out batch));
        Assert.Equal("next\n", Encoding.ASCII.GetString(batch));
        Assert.Equal(6, queue.Dropped);
    }

    [Fact]
    public void Long_lines_do_not_take_more_memory_than_so_many_usual_ones()
    {
        var queue = new LineQueue(1024);
        var line = new byte[100 * 1024];
        for (var count = 0; count < 6; count++)
            queue.Add(line);
        Assert.Equal(1, queue.Dropped);
    }

    [Fact]
    public async Task A_line_wakes_the_one_who_waits_and_the_end_comes_after_the_last_line()
    {
        var queue = new LineQueue(64);
        var taking = Task.Run(() => queue.Take(Long, TimeSpan.Zero, out _), TestContext.Current.CancellationToken);
        queue.Add("line\n"u8);
        Assert.Equal(1, await taking.WaitAsync(Long, TestContext.Current.CancellationToken));

        queue.Add("last\n"u8);
        queue.Close();
        queue.Add("late\n"u8);
        Assert.Equal(1, queue.Take(Long, Long, out _));
        Assert.Null(queue.Take(Long, Long, out _));
        Assert.Equal(1, queue.Dropped);
    }
}
