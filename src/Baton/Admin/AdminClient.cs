using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Baton.Handover;

namespace Baton.Admin;

/// <summary>Asks a daemon over its admin socket; with a new connection each time, so that whichever generation accepts answers.</summary>
internal sealed class AdminClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    public AdminClient(string path)
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
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://localhost"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    public string SocketPath { get; }

    /// <exception cref="HttpRequestException">Nobody listens, or the connection broke.</exception>
    /// <exception cref="AdminException">The answer is none of a daemon.</exception>
    public Task<StatusDocument> StatusAsync(CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, "/status", AdminFormat.Default.StatusDocument, cancellationToken);

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
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience ?? Patience);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request, limit.Token);
            if (response.StatusCode == HttpStatusCode.Conflict)
                throw new AdminException($"baton: {(await response.Content.ReadFromJsonAsync(AdminFormat.Default.ErrorDocument, limit.Token))?.Error}");
            if (!response.IsSuccessStatusCode)
                throw new AdminException($"baton: {method} {path} on {SocketPath} was answered with {(int)response.StatusCode}. Is it a daemon of another version?");
            return await response.Content.ReadFromJsonAsync(type, limit.Token)
                ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new AdminException($"baton: what answers on {SocketPath} is no daemon, or of another version: {e.Message}");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer within {Patience.TotalSeconds} s", e);
        }
    }
}
