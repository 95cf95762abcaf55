using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace Baton.Tests.Admin;

/// <summary>Requests to an admin socket, a connection each.</summary>
internal sealed class AdminRequests : IDisposable
{
    private readonly HttpClient _http;

    public AdminRequests(string path)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://localhost"), Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    /// <summary>On TCP; with the token, if there is one.</summary>
    public AdminRequests(int port, string? token = null)
    {
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.ConnectionClose = true;
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<JsonElement> StatusAsync(CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/status", UriKind.Relative), cancellationToken));
        return document.RootElement.Clone();
    }

    /// <summary>Asks for the status until it is as it must become; returns it.</summary>
    public async Task<JsonElement> WaitForStatusAsync(Predicate<JsonElement> isSo, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var status = await StatusAsync(deadline.Token);
            if (isSo(status))
                return status;
        }
    }

    /// <summary>Status code and body.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="cancellationToken">The deadline.</param>
    /// <param name="headers">Further headers.</param>
    public async Task<(int Code, string Body)> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var response = await _http.SendAsync(request, cancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>A token for canaries.</summary>
    public async Task<string> CanaryTokenAsync(CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse((await SendAsync(HttpMethod.Post, "/canary", cancellationToken)).Body);
        return document.RootElement.GetProperty("token").GetString()!;
    }

    public void Dispose() => _http.Dispose();
}
