using System.Diagnostics;

namespace Baton.Bench.Peers;

/// <summary>What the parts of one round share.</summary>
internal sealed class Run(BenchOptions options, Scene scene, Measurements measurements, CancellationToken interrupted)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public BenchOptions Options => options;

    public Scene Scene => scene;

    public Measurements Measurements => measurements;

    /// <summary>The peers, in an order that is another one in each round: what drifts in the machine meets all alike.</summary>
    public IReadOnlyList<Peer> Peers { get; private set; } = options.Peers;

    public void NextRound() => Peers = [.. Peers.Skip(1), Peers[0]];

    /// <summary>Runs something for a peer; what fails is noted, and the others go on.</summary>
    /// <param name="what">For the note.</param>
    /// <param name="peer">For whom.</param>
    /// <param name="seconds">How long it takes: with --quick it is left out when there is not that much time.</param>
    /// <param name="measure">What is done.</param>
    public async Task TryAsync(string what, Peer peer, double seconds, Func<Task> measure)
    {
        if (interrupted.IsCancellationRequested)
            return;
        if (options.TimeLimit is { } limit && Stopwatch.GetElapsedTime(_start) + TimeSpan.FromSeconds(seconds) > limit)
        {
            measurements.Note($"{peer.Name}, {what}: left out, the time was over.");
            return;
        }

        Console.Error.WriteLine($"{Stopwatch.GetElapsedTime(_start):mm\\:ss} {peer.Name}, {what}");
        try
        {
            await measure();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException or HttpRequestException or System.Net.Sockets.SocketException or System.Net.WebSockets.WebSocketException)
        {
            measurements.Note($"{peer.Name}, {what}: {e.Message}");
        }
    }
}
