using Baton.Handover.Hosting;
using Baton.Handover.Processes;
using Baton.Handover.Tests.Upgrades;
using Xunit;

namespace Baton.Handover.Tests.State;

/// <summary>What is done before ready can fail, hang or be cut short, and the generation becomes ready all the same.</summary>
public sealed class PreparationsTests : IDisposable
{
    private readonly RecordingLog<Preparations> _log = new();
    private readonly ManualClock _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Generation _generation;

    public PreparationsTests() => _generation = new Generation(1, "1.0", _clock.GetUtcNow(), null, [], new ProcessSignals());

    public void Dispose()
    {
        _generation.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task All_of_them_run_at_once()
    {
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();
        await RunAsync(_ => { first.SetResult(); return second.Task; }, _ => { second.SetResult(); return first.Task; });
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public async Task One_that_fails_is_logged_and_the_others_are_waited_for()
    {
        var done = false;
        await RunAsync(
            _ => throw new InvalidOperationException("cannot"),
            async _ =>
            {
                await Task.Yield();
                done = true;
            });
        Assert.True(done);
        Assert.Contains("failed", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_hangs_is_left_behind_before_ReadyTimeout()
    {
        var running = RunAsync(_ => Task.Delay(Timeout.Infinite, CancellationToken.None));
        _clock.Advance(TimeSpan.FromSeconds(23));
        Assert.False(running.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await running.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Contains("24 s after the start", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_to_end_it_waits_for_nothing_and_says_nothing()
    {
        var running = RunAsync(_ => Task.Delay(Timeout.Infinite, CancellationToken.None));
        await _stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public async Task What_they_leave_behind_is_collected_before_they_are_over()
    {
        WeakReference? left = null;
        await RunAsync(_ =>
        {
            left = new WeakReference(new object());
            GC.Collect(1); // Old enough not to go with the young ones.
            return Task.CompletedTask;
        });
        Assert.False(left!.IsAlive);
    }

    private Task RunAsync(params Func<CancellationToken, Task>[] all) =>
        new Preparations(all.Select(run => new Preparation(run)), _generation, new HandoverOptions(), _clock, _log).RunAsync(_stop.Token);

    private sealed class Preparation(Func<CancellationToken, Task> run) : IPreparation
    {
        public Task PrepareAsync(CancellationToken cancellation) => run(cancellation);
    }
}
