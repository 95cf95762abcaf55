using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Baton.Tests.Configuration;
using Xunit;

namespace Baton.Tests.Metrics;

/// <summary>Asks an admin socket for the metrics, a connection each, and keeps what it was answered.</summary>
internal sealed class Scraper(string socket)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly List<string> _faults = [];
    private Exposition? _last;

    /// <summary>Failed scrapes and numbers that fell, in words.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public int Scrapes { get; private set; }

    public static async Task<(string Head, string Body)> GetAsync(string socket, string? accept, CancellationToken cancellationToken)
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
        await using var stream = new NetworkStream(connection);
        var header = accept is null ? "" : $"Accept: {accept}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /metrics HTTP/1.0\r\nHost: localhost\r\n{header}\r\n"), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(cancellationToken); // HTTP/1.0: the body ends with the connection.
        var split = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (answer[..split], answer[(split + 4)..]);
    }

    /// <summary>Once; and compares it with the time before.</summary>
    public async Task<Exposition> ScrapeAsync(CancellationToken cancellationToken)
    {
        var (head, body) = await GetAsync(socket, null, cancellationToken);
        if (!head.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
            throw new IOException($"The scrape was answered with {head}");
        var exposition = Exposition.Parse(body, openMetrics: false);
        Scrapes++;
        if (_last is not null)
        {
            foreach (var (name, value) in _last.Rising)
            {
                if (!exposition.Samples.TryGetValue(name, out var now) || now < value)
                    _faults.Add($"scrape {Scrapes}: {name} was {value} and is {now}");
            }
        }

        return _last = exposition;
    }

    /// <summary>
    /// Again and again, until a condition holds. A request is counted when it has ended in the daemon, which its client may know
    /// a moment earlier; what a generation that ends has counted last, its successor learns when it may be gone.
    /// </summary>
    public async Task<Exposition> UntilAsync(Predicate<Exposition> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        await Eventually.Holds(async () => condition(await ScrapeAsync(TestContext.Current.CancellationToken)), what);
        return _last!;
    }

    /// <summary>Again and again, until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ScrapeAsync(CancellationToken.None);
                await timer.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or SocketException or ArgumentOutOfRangeException)
            {
                _faults.Add($"scrape {Scrapes + 1} failed: {e.Message}");
            }
        }
    }
}
