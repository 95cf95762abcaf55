using Baton.Tests.Backends;
using Baton.Tests.Daemon;
using Xunit;

namespace Baton.Tests.Clients;

/// <summary>Starts clients together, tells them to speak and to stop, and judges what they and the backends saw.</summary>
/// <param name="deadline">The time after which everything that still runs is cut and reported.</param>
/// <param name="backends">The backends that count the ids, so that doubled requests are seen.</param>
public sealed class Traffic(TimeSpan deadline, params Backend[] backends) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _deadline = new();
    private readonly List<(Client Client, List<Cues> Cues)> _clients = [];
    private Task _running = Task.CompletedTask;

    public IReadOnlyList<ClientReport> Reports => [.. _clients.Select(entry => entry.Client.Report)];

    public Traffic Add(params Client[] clients)
    {
        foreach (var client in clients)
            _clients.Add((client, [.. Enumerable.Range(0, client.Lanes).Select(_ => new Cues())]));
        return this;
    }

    /// <summary>Starts every client, and returns when every lane is where it should be when an upgrade begins.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        _deadline.CancelAfter(deadline);
        _running = Task.WhenAll(_clients.Select(entry => entry.Client.RunAsync(entry.Cues, _deadline.Token)));
        return WhenReadyAsync(_clients, cancellationToken);
    }

    /// <summary>
    /// Tells the clients that wait for it to speak, and returns when each was answered and waits again.
    /// The others run on.
    /// </summary>
    public Task SpeakAsync(CancellationToken cancellationToken = default)
    {
        var speaking = _clients.Where(entry => entry.Client.Speaks).ToList();
        foreach (var cues in speaking.SelectMany(entry => entry.Cues))
            cues.Speak();
        return WhenReadyAsync(speaking, cancellationToken);
    }

    /// <summary>
    /// Waits until every client that does not wait to be told has had this many answers more than now.
    /// </summary>
    public async Task WaitForAnswersAsync(int more, TimeSpan? deadline = null, CancellationToken cancellationToken = default)
    {
        var wanted = _clients.Where(entry => !entry.Client.Speaks).Select(entry => (entry.Client.Report, Answers: entry.Client.Report.Answered + more)).ToList();
        var limit = deadline ?? ReadyDeadline;
        var start = TimeProvider.System.GetTimestamp();
        while (wanted.Find(entry => entry.Report.Answered < entry.Answers && !entry.Report.GaveUp) is { Report: not null } late)
        {
            if (TimeProvider.System.GetElapsedTime(start) > limit)
                throw new TimeoutException($"Not {more} more answers after {limit.TotalSeconds} s: {late.Report}{Environment.NewLine}{string.Join(Environment.NewLine, Lost())}");
            await Task.Delay(5, cancellationToken);
        }
    }

    /// <summary>Tells every client to finish what it has begun, and waits until all have.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        foreach (var cues in _clients.SelectMany(entry => entry.Cues))
            cues.Stop();
        // The deadline ends the clients themselves, so this wait ends, too.
        await _running.WaitAsync(cancellationToken);
    }

    /// <summary>Everything that went wrong, a line each; empty when nothing did.</summary>
    public IReadOnlyList<string> Lost() =>
    [
        .. Reports.SelectMany(report => report.Failures).OrderBy(failure => failure.At).Select(failure => failure.ToString()),
        .. Reports.Where(report => report.Answered == 0).Select(report => $"{report.Kind}: nothing was answered, which proves nothing"),
        .. Doubled(),
    ];

    /// <summary>Fails with every failure of every client, every doubled request and a line for each client.</summary>
    /// <param name="log">What the daemon wrote meanwhile, to be shown with them.</param>
    public void AssertNothingLost(DaemonLog? log = null)
    {
        var lost = Lost();
        if (lost.Count == 0)
            return;
        Assert.Fail($"{lost.Count} failures:{Environment.NewLine}{string.Join(Environment.NewLine, lost.Take(200))}{Environment.NewLine}{Summary()}{Environment.NewLine}{log}");
    }

    /// <summary>A line for each client.</summary>
    public string Summary() => string.Join(Environment.NewLine, Reports);

    public async ValueTask DisposeAsync()
    {
        await _deadline.CancelAsync();
        foreach (var cues in _clients.SelectMany(entry => entry.Cues))
            cues.Stop();
        await _running;
        _deadline.Dispose();
    }

    private IEnumerable<string> Doubled() => backends
        .SelectMany(backend => backend.Received)
        .GroupBy(entry => entry.Key, entry => entry.Value)
        .Where(id => id.Sum() > 1)
        .Select(id => $"request {id.Key} was received {id.Sum()} times");

    private async Task WhenReadyAsync(List<(Client Client, List<Cues> Cues)> clients, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(clients.SelectMany(entry => entry.Cues).Select(cues => cues.WhenReadyAsync())).WaitAsync(ReadyDeadline, cancellationToken);
        }
        catch (TimeoutException)
        {
            var waiting = clients.Where(entry => entry.Cues.Any(cues => !cues.WhenReadyAsync().IsCompleted)).Select(entry => entry.Client.Kind);
            throw new TimeoutException($"Not ready after {ReadyDeadline.TotalSeconds} s: {string.Join(", ", waiting)}.{Environment.NewLine}{string.Join(Environment.NewLine, Lost())}");
        }
    }
}
