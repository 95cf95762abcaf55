using System.Globalization;
using Baton.Tests.Clients;

namespace Baton.Tests.Daemon;

/// <summary>The daemon's built-in page, which answers where no route is configured and needs no connection of the daemon's own.</summary>
public sealed class Page : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Http1Connection _connection;

    private Page(Http1Connection connection) => _connection = connection;

    /// <summary>Opens a connection; the daemon need not have accepted it.</summary>
    public static async Task<Page> OpenAsync(int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        return new Page(await Http1Connection.OpenAsync(port, new ClientReport("page"), null, limit.Token));
    }

    /// <summary>The text of the page, over a connection of its own.</summary>
    public static async Task<string> GetAsync(int port, CancellationToken cancellationToken)
    {
        using var page = await OpenAsync(port, cancellationToken);
        return await page.GetAsync(cancellationToken);
    }

    /// <summary>The generation that answers.</summary>
    public static async Task<int> GenerationAsync(int port, CancellationToken cancellationToken)
    {
        using var page = await OpenAsync(port, cancellationToken);
        return await page.GenerationAsync(cancellationToken);
    }

    /// <summary>The generation that answers over this connection.</summary>
    public async Task<int> GenerationAsync(CancellationToken cancellationToken)
    {
        var line = (await GetAsync(cancellationToken)).Split('\n').First(line => line.StartsWith("generation ", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>The text of the page, over this connection.</summary>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        await _connection.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", limit.Token);
        var head = await _connection.Reader.ReadHeadAsync(limit.Token);
        var text = await _connection.Reader.ReadTextAsync(head, limit.Token);
        return head.Status == 200 ? text : throw new ResponseLostException($"'{head.StatusLine}' {text}");
    }

    public void Dispose() => _connection.Dispose();
}
