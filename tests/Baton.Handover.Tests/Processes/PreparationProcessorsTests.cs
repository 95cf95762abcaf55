using Baton.Handover.Native;
using Baton.Handover.Processes;
using Xunit;

namespace Baton.Handover.Tests.Processes;

public sealed class PreparationProcessorsTests
{
    [Fact]
    public void A_thread_has_half_of_its_processors_and_then_all_again() => OwnThread.Run(() =>
    {
        var before = ProcessorSet.Of(0)!;
        var processors = new PreparationProcessors();
        Assert.Equal(before, ProcessorSet.Of(0));

        Assert.Equal(Environment.ProcessorCount > 1, processors.Halve(0));
        Assert.Equal(Math.Max(1, before.Count / 2), ProcessorSet.Of(0)!.Count);
        Assert.Equal(Environment.ProcessorCount > 1, processors.Restore(0));
        Assert.Equal(before, ProcessorSet.Of(0));
        Assert.False(processors.Restore(0));
    });

    [Fact]
    public void One_that_an_operator_has_bound_is_bound_again() => OwnThread.Run(() =>
    {
        var one = ProcessorSet.Of(0)!.UpperHalf();
        Assert.True(one.TrySet(0));
        var processors = new PreparationProcessors();

        if (processors.Halve(0))
            Assert.True(processors.Restore(0));
        Assert.Equal(one, ProcessorSet.Of(0));
    });

    [Fact]
    public void Half_are_the_upper_ones()
    {
        var half = ProcessorSet.Everything.UpperHalf();
        Assert.Equal(ProcessorSet.Everything.Count / 2, half.Count);
        Assert.Equal(1, Enumerable.Range(0, 20).Aggregate(half, (set, _) => set.UpperHalf()).Count);
        Assert.NotEqual(ProcessorSet.Everything, half);
        Assert.True(half.IsWithin(ProcessorSet.Everything));
        Assert.False(ProcessorSet.Everything.IsWithin(half));
    }
}
