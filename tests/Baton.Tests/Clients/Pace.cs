namespace Baton.Tests.Clients;

/// <summary>Holds a transfer to a rate: the slowness is the client under test, not a way to wait for something.</summary>
public sealed class Pace(long bytesPerSecond)
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private long _bytes;

    /// <summary>Waits until <paramref name="count"/> more bytes are due.</summary>
    public async ValueTask KeepAsync(int count, CancellationToken cancellationToken)
    {
        _bytes += count;
        var due = TimeSpan.FromSeconds((double)_bytes / bytesPerSecond);
        var ahead = due - TimeProvider.System.GetElapsedTime(_start);
        // Timers are no finer than a millisecond; shorter debts are paid together.
        if (ahead > TimeSpan.FromMilliseconds(5))
            await Task.Delay(ahead, cancellationToken);
    }
}
