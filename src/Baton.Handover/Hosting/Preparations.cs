using Microsoft.Extensions.Logging;

namespace Baton.Handover.Hosting;

/// <summary>Everything that is to be done before the generation says that it is ready; nothing of it can keep it from that.</summary>
internal sealed class Preparations(IEnumerable<IPreparation> all, Generation generation, HandoverOptions options, TimeProvider clock, ILogger<Preparations> log)
{
    // Of ReadyTimeout, which the predecessor counts from the launch: the rest is for what comes before the generation begins
    // its count and after the preparations.
    private const double Share = 0.8;

    public async Task RunAsync(CancellationToken stop)
    {
        var limit = options.ReadyTimeout * Share;
        var left = limit - (clock.GetUtcNow() - generation.StartedAt);
        using var deadline = new CancellationTokenSource(left < TimeSpan.Zero ? TimeSpan.Zero : left > limit ? limit : left, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        await Task.WhenAll(all.Select(preparation => RunAsync(preparation, limit, stop, either.Token)));
        Collect();
    }

    // While nobody waits: the first collection moves all that the start has made and that stays, and a moment after the takeover
    // it would stop every request for longer than those after it. So would the one that looks through all that was moved.
    private static void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.Collect(1, GCCollectionMode.Forced, blocking: true);
    }

    private async Task RunAsync(IPreparation preparation, TimeSpan limit, CancellationToken stop, CancellationToken either)
    {
        try
        {
            await Task.Run(() => preparation.PrepareAsync(either), either).WaitAsync(either);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            if (!stop.IsCancellationRequested)
                log.PreparationLate(preparation.GetType().Name, Math.Round(limit.TotalSeconds, 3), options.ReadyTimeout.TotalSeconds);
        }
        catch (Exception e)
        {
            log.PreparationFailed(e, preparation.GetType().Name);
        }
    }
}
