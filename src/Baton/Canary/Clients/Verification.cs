using System.Globalization;

namespace Baton.Canary.Clients;

/// <summary>All canaries of one upgrade, on all listeners.</summary>
internal sealed class Verification(string token, TimeProvider clock) : IAsyncDisposable
{
    // Of the public listeners: each has up to four, and the daemon answers 64 at once.
    private const int MostListeners = 16;

    // A short upload, a handshake, and a busy machine.
    private static readonly TimeSpan FirstAnswers = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly List<Canary> _canaries = [];
    private readonly List<Task> _flights = [];
    private readonly List<string> _other = [];
    private readonly CancellationTokenSource _stop = new();
    private int _listeners;

    /// <summary>What does not fly, and why.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>What the canaries have seen that no client may see, one line each.</summary>
    public IReadOnlyList<string> Failures => [.. _canaries.Select(canary => canary.Failure).OfType<string>(), .. _other];

    /// <summary>Right answers.</summary>
    public int Answers => _canaries.Sum(canary => canary.Answers);

    /// <summary>How many fly where.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture, $"{_canaries.Count} canaries ({string.Join(", ", _canaries.Select(canary => canary.Name).Distinct())}) on {_listeners} {(_listeners == 1 ? "listener" : "listeners")}");

    /// <summary>Starts what the listeners offer, and returns when each has its first answer or has failed.</summary>
    public async Task StartAsync(IReadOnlyList<string> listeners, CancellationToken cancellationToken)
    {
        foreach (var address in listeners.Take(MostListeners))
        {
            var (canaries, unreachable) = await CanaryProbe.FindAsync(new CanaryTarget(address), token, clock, cancellationToken);
            _canaries.AddRange(canaries);
            _listeners += canaries.Count > 0 ? 1 : 0;
            if (unreachable is not null)
                Skipped.Add($"not verified: {unreachable}");
        }

        Skipped.AddRange(listeners.Skip(MostListeners).Select(address => $"not verified: {address}, since {MostListeners} listeners are enough"));
        if (_canaries.Count == 0)
            _other.AddRange(["no listener answers canaries", .. Skipped]);
        else if (!_canaries.Exists(canary => canary is Http2Canary))
            Skipped.Add("not verified: HTTP/2, since no listener offers it");
        _flights.AddRange(_canaries.Select(canary => Task.Run(() => canary.FlyAsync(_stop.Token), CancellationToken.None)));
        await AwaitAnswersAsync(canary => canary.Answers > 0, "no answer", cancellationToken);
    }

    /// <summary>Ends the flights when each canary has an answer of the generation that serves now.</summary>
    /// <param name="generation">Null if the upgrade did not complete: then no further answer is waited for.</param>
    /// <param name="cancellationToken">The deadline.</param>
    public async Task EndAsync(int? generation, CancellationToken cancellationToken)
    {
        if (generation is { } wanted)
            await AwaitAnswersAsync(canary => canary.Generation >= wanted, string.Create(CultureInfo.InvariantCulture, $"no answer from generation {wanted}"), cancellationToken);
        await _stop.CancelAsync();
        await Task.WhenAll(_flights);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_flights);
        foreach (var canary in _canaries.OfType<IAsyncDisposable>())
            await canary.DisposeAsync();
        _stop.Dispose();
    }

    private async Task AwaitAnswersAsync(Func<Canary, bool> isThere, string failure, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (_canaries.Exists(canary => canary.Failure is null && !isThere(canary)))
        {
            if (clock.GetElapsedTime(began) > FirstAnswers)
            {
                foreach (var late in _canaries.Where(canary => canary.Failure is null && !isThere(canary)))
                    late.Fail(new CanaryException($"{failure} within {FirstAnswers.TotalSeconds} s"));
                break;
            }

            await Task.Delay(LookInterval, clock, cancellationToken);
        }
    }
}
