namespace Baton.Canary.Clients;

/// <summary>Finds out what a listener offers by asking it once each way: its configuration may say it in several places.</summary>
internal static class CanaryProbe
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>The canaries that can fly there; without any, why there are none.</summary>
    public static async Task<(IReadOnlyList<Canary> Canaries, string? Unreachable)> FindAsync(CanaryTarget target, string token, TimeProvider clock, CancellationToken cancellationToken)
    {
        var http1 = await TryAsync(new KeepAliveCanary(target, token, clock), clock, cancellationToken);
        var http2 = await TryAsync(new Http2Canary(target, token, clock), clock, cancellationToken);
        if (http1 is not null && http2 is not null)
            return ([], http1);

        List<Canary> canaries = [];
        if (http1 is null)
            canaries.AddRange([new KeepAliveCanary(target, token, clock), new UploadCanary(target, token, clock), new WebSocketCanary(target, token, clock)]);
        if (http2 is null)
            canaries.Add(new Http2Canary(target, token, clock));
        return (canaries, null);
    }

    /// <returns>Null if there was an answer; otherwise why there was none.</returns>
    private static async Task<string?> TryAsync<T>(T canary, TimeProvider clock, CancellationToken cancellationToken)
        where T : Canary, IAsyncDisposable
    {
        await using (canary)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var flight = canary.FlyAsync(enough.Token);
            while (canary.Answers == 0 && !flight.IsCompleted)
                await Task.WhenAny(flight, Task.Delay(LookInterval, clock, cancellationToken));
            await enough.CancelAsync();
            await flight;
            cancellationToken.ThrowIfCancellationRequested();
            return canary.Answers > 0 ? null : canary.Failure;
        }
    }
}
