using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Baton.Handover;

namespace Baton.Admin;

/// <summary>Asks a daemon over its admin socket; with a new connection each time, so that whichever generation accepts answers.</summary>
internal sealed class AdminClient : IDisposable
{
    /// <summary>How long to wait for an answer, unless somebody says otherwise.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Many times the status of a daemon with a thousand destinations.
    private const int LongestAnswer = 16 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly TimeSpan _patience;

    /// <param name="path">The socket.</param>
    /// <param name="patience">How long to wait for each answer; default: <see cref="Patience"/>.</param>
    public AdminClient(string path, TimeSpan? patience = null)
    {
        SocketPath = path;
        _patience = patience ?? Patience;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://localhost"), Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer };
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    public string SocketPath { get; }

    /// <exception cref="HttpRequestException">Nobody listens, or the connection broke.</exception>
    /// <exception cref="AdminException">The answer is none of a daemon.</exception>
    public Task<StatusDocument> StatusAsync(CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, "/status", AdminFormat.Default.StatusDocument, cancellationToken);

    /// <summary>The status as the daemon has written it, with what this build does not know.</summary>
    /// <inheritdoc cref="StatusAsync" path="exception" />
    public Task<string> StatusJsonAsync(CancellationToken cancellationToken) => AskForTextAsync(HttpMethod.Get, "/status", cancellationToken);

    /// <summary>Takes the daemon out of the load balancer in front, or back in; returns what is so then.</summary>
    /// <inheritdoc cref="StatusAsync" path="exception" />
    public Task<StatusDocument> DrainAsync(bool undo, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, undo ? "/undrain" : "/drain", AdminFormat.Default.StatusDocument, cancellationToken);

    /// <summary>Asks for an upgrade; returns what was so before.</summary>
    /// <inheritdoc cref="StatusAsync" path="exception" />
    public Task<StatusDocument> UpgradeAsync(CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, "/upgrade", AdminFormat.Default.StatusDocument, cancellationToken);

    /// <summary>Asks for a rehearsal of an upgrade; answered when it is over, with its report.</summary>
    /// <exception cref="HttpRequestException">Nobody listens, or the connection broke.</exception>
    /// <exception cref="AdminException">It was refused, or the answer is none of a daemon.</exception>
    public Task<UpgradeReport> RehearseAsync(CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, "/upgrade?dryRun=true", AdminFormat.Default.UpgradeReport, cancellationToken, Timeout.InfiniteTimeSpan);

    /// <summary>Gets a token for canaries.</summary>
    /// <inheritdoc cref="StatusAsync" path="exception" />
    public async Task<string> CanaryTokenAsync(CancellationToken cancellationToken) =>
        (await AskAsync(HttpMethod.Post, "/canary", AdminFormat.Default.CanaryDocument, cancellationToken)).Token;

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        try
        {
            return JsonSerializer.Deserialize(await AskForTextAsync(method, path, cancellationToken, patience), type) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new AdminException($"baton: what answers on {SocketPath} is no daemon, or of another version: {e.Message}");
        }
    }

    private async Task<string> AskForTextAsync(HttpMethod method, string path, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        var wait = patience ?? _patience;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(wait);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            if (response.StatusCode == HttpStatusCode.Conflict)
                throw new AdminException($"baton: {JsonSerializer.Deserialize(text, AdminFormat.Default.ErrorDocument)?.Error}");
            return response.IsSuccessStatusCode
                ? text
                : throw new AdminException($"baton: {method} {path} on {SocketPath} was answered with {(int)response.StatusCode}. Is it a daemon of another version?");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer within {wait.TotalSeconds} s", e);
        }
    }
}
