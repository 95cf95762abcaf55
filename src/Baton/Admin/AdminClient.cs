using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Baton.Admin;

/// <summary>Asks a daemon over its admin socket; with a new connection each time, so that whichever generation accepts answers.</summary>
internal sealed class AdminClient : IDisposable
{
    /// <summary>How long to wait for an answer, unless somebody says otherwise.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Many times the status of a daemon with a thousand destinations.
    private const int LongestAnswer = 16 * 1024 * 1024;

    private readonly HttpClient _http;

    /// <param name="path">The socket.</param>
    /// <param name="patience">How long to wait for each answer; default: <see cref="Patience"/>.</param>
    public AdminClient(string path, TimeSpan? patience = null)
    {
        SocketPath = path;
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
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://localhost"), Timeout = patience ?? Patience, MaxResponseContentBufferSize = LongestAnswer };
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

    /// <summary>Gets a token for canaries.</summary>
    /// <inheritdoc cref="StatusAsync" path="exception" />
    public async Task<string> CanaryTokenAsync(CancellationToken cancellationToken) =>
        (await AskAsync(HttpMethod.Post, "/canary", AdminFormat.Default.CanaryDocument, cancellationToken)).Token;

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await AskForTextAsync(method, path, cancellationToken), type) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new AdminException($"baton: what answers on {SocketPath} is no daemon, or of another version: {e.Message}");
        }
    }

    private async Task<string> AskForTextAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new AdminException($"baton: {method} {path} on {SocketPath} was answered with {(int)response.StatusCode}. Is it a daemon of another version?");
            return await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer within {_http.Timeout.TotalSeconds} s", e);
        }
    }
}
