using System.Globalization;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Baton.Bench.Measuring;

namespace Baton.Bench.Peers;

/// <summary>One kind of load at saturation.</summary>
/// <param name="Title">As in the table.</param>
/// <param name="RunAsync">Loads the proxy of a site for some seconds.</param>
internal sealed partial record Scenario(string Title, Func<Site, int, Task<LoadResult>> RunAsync)
{
    private const int Sockets = 32;
    private const int MessageSize = 64;

    public static Scenario Small { get; } = WithWrk("GET 64 B, keep-alive", "http", "/");

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Small,
        WithWrk("GET 64 B, a connection each", "http", "/", "-H", "Connection: close"),
        WithWrk("GET 10 kB", "http", "/10k"),
        WithWrk("GET 1 MB", "http", "/1m"),
        WithWrk("POST 10 kB", "http", "/", "-s", Wrk.PostScript),
        WithWrk("TLS, GET 64 B, keep-alive", "https", "/"),
        WithWrk("TLS, a handshake each", "https", "/", "-H", "Connection: close"),
        WithH2Load("HTTP/2, 1 stream", clients: 16, streams: 1),
        WithH2Load("HTTP/2, 100 streams", clients: 4, streams: 100),
        new("WebSocket echo, 64 B", EchoAsync),
    ];

    private static Scenario WithWrk(string title, string scheme, string path, params IReadOnlyList<string> arguments) =>
        new(title, (site, seconds) => Wrk.RunAsync(new Uri(site.Address(scheme, path)), seconds, arguments));

    private static Scenario WithH2Load(string title, int clients, int streams) => new(title, async (site, seconds) =>
    {
        var text = await Tool.OutputAsync(["h2load", "-t1", $"-c{clients}", $"-m{streams}", $"-D{seconds}", site.Address("https", "/")]);

        // "requests: 52910 total, 52926 started, 52910 done, 52910 succeeded, 0 failed, 0 errored, 0 timeout"
        var result = Requests().Match(text);
        if (!result.Success || result.Groups[1].Value is "0" || result.Groups[2].Value is not "0")
            throw new InvalidOperationException($"The load '{title}' failed:\n{text}");
        return new LoadResult(double.Parse(result.Groups[1].Value, CultureInfo.InvariantCulture), seconds);
    });

    private static async Task<LoadResult> EchoAsync(Site site, int seconds)
    {
        var end = DateTime.UtcNow.AddSeconds(seconds);
        var counts = await Task.WhenAll(Enumerable.Range(0, Sockets).Select(_ => EchoAsync(site, end)));
        return new LoadResult(counts.Sum(), seconds);
    }

    private static async Task<int> EchoAsync(Site site, DateTime end)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(site.Address("ws", "/ws")), CancellationToken.None);
        var message = new byte[MessageSize];
        var count = 0;
        for (; DateTime.UtcNow < end; count++)
        {
            await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            if ((await socket.ReceiveAsync(message.AsMemory(), CancellationToken.None)).Count != MessageSize)
                throw new InvalidOperationException("A message did not come back whole.");
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        return count;
    }

    [GeneratedRegex(@"(\d+) succeeded, (\d+) failed")]
    private static partial Regex Requests();
}
