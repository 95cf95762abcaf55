using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Baton.Tests.Backends;

/// <summary>
/// A destination in the test's own process. It counts every request by its <c>id</c>, on every path, so that requests that
/// a proxy lost or sent twice are seen; none of Kestrel's limits can end what a slow client does.
/// </summary>
public sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _inFlight;
    private int _requests;

    private Backend(string name)
    {
        Name = name;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromHours(1);
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromHours(1);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _application = builder.Build();
        _application.UseWebSockets();
        _application.Run(CountAsync);
    }

    /// <summary>What <c>/</c> answers with, to tell one backend from another.</summary>
    public string Name { get; }

    public int Port { get; private set; }

    /// <summary>The address as a destination of YARP: <c>http://127.0.0.1:PORT</c>.</summary>
    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>How often each id was received.</summary>
    public ConcurrentDictionary<string, int> Received { get; } = new();

    /// <summary>Requests received and not yet answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public int Requests => Volatile.Read(ref _requests);

    public static async Task<Backend> StartAsync(string name = "backend", CancellationToken cancellationToken = default)
    {
        var backend = new Backend(name);
        await backend._application.StartAsync(cancellationToken);
        backend.Port = new Uri(backend._application.Urls.Single()).Port;
        return backend;
    }

    /// <summary>The SHA-256 of what <c>/bytes?n=</c> answers, in upper-case hexadecimal.</summary>
    public static string HashOfBytes(long length) => KnownBody.Sha256(length);

    /// <summary>Requests for /held are answered when it is open.</summary>
    public Valve Held { get; } = new(isOpen: false);

    /// <summary>Waits until at least <paramref name="count"/> requests are in flight here.</summary>
    /// <exception cref="TimeoutException">They were not within 30 seconds.</exception>
    public Task WaitForInFlightAsync(int count, CancellationToken cancellationToken = default) =>
        WaitAsync(() => InFlight >= count, () => $"{InFlight} requests were in flight at {Name} after 30 s, not {count}.", cancellationToken);

    /// <summary>Waits until the request with this id has come here.</summary>
    /// <exception cref="TimeoutException">It has not within 30 seconds.</exception>
    public Task WaitForAsync(string id, CancellationToken cancellationToken = default) =>
        WaitAsync(() => Received.ContainsKey(id), () => $"The request {id} has not come to {Name} after 30 s.", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // What is still in flight belongs to a client that the test has given up.
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _application.StopAsync(soon.Token);
        await _application.DisposeAsync();
    }

    private static async Task WaitAsync(Func<bool> condition, Func<string> otherwise, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(30))
                throw new TimeoutException(otherwise());
            await Task.Delay(5, cancellationToken);
        }
    }

    private async Task CountAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _inFlight);
        try
        {
            var id = context.Request.Query["id"].ToString();
            if (id.Length > 0)
                Received.AddOrUpdate(id, 1, static (_, count) => count + 1);
            await AnswerAsync(context, id);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or WebSocketException or BadHttpRequestException)
        {
            // The client went away; it has reported why.
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private Task AnswerAsync(HttpContext context, string id) => context.Request.Path.Value switch
    {
        "/" or "/probe" => WriteAsync(context, id.Length > 0 ? id : Name),
        "/id" => WriteAsync(context, id),
        "/echo" when HttpMethods.IsPost(context.Request.Method) => context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted),
        "/echo" => WriteAsync(context, id),
        "/slow" => SlowAsync(context, id),
        "/held" => HeldAsync(context, id),
        "/bytes" => BytesAsync(context),
        "/upload" => UploadAsync(context),
        "/events" => EventsAsync(context),
        "/ws" => WebSocketAsync(context),
        "/conversation" => WebSocketConversation.AnswerAsync(context, Number(context, "ms", 100)),
        _ => NotFoundAsync(context),
    };

    private static Task WriteAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return WriteAsync(context, $"nothing at {context.Request.Path}");
    }

    private async Task HeldAsync(HttpContext context, string id)
    {
        await Held.WaitAsync(context.RequestAborted);
        await WriteAsync(context, id);
    }

    private static async Task SlowAsync(HttpContext context, string id)
    {
        await Task.Delay(Number(context, "ms", 3000), context.RequestAborted);
        await WriteAsync(context, id);
    }

    // With chunked=1 there is no Content-Length, so HTTP/1.1 frames the body in chunks (RFC 9112, 6.3).
    private static async Task BytesAsync(HttpContext context)
    {
        var length = Number(context, "n", 20_000_000);
        if (Number(context, "chunked", 0) == 0)
            context.Response.ContentLength = length;
        foreach (var piece in KnownBody.Pieces(length))
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
    }

    private static async Task UploadAsync(HttpContext context)
    {
        var pause = Number(context, "pause", 0);
        var buffer = new byte[64 * 1024];
        var length = 0L;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            length += read;
            if (pause > 0)
                await Task.Delay(pause, context.RequestAborted);
        }
        await WriteAsync(context, string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(hash.GetHashAndReset())} {length}"));
    }

    private static async Task EventsAsync(HttpContext context)
    {
        var count = Number(context, "n", 10);
        var pause = Number(context, "ms", 100);
        context.Response.ContentType = "text/event-stream";
        for (var number = 1; number <= count; number++)
        {
            await context.Response.WriteAsync($"id: {number}\ndata: event {number}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (number < count)
                await Task.Delay(pause, context.RequestAborted);
        }
    }

    private static async Task WebSocketAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var message = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            if (message.MessageType == WebSocketMessageType.Close)
                break;
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        }
        await socket.CloseOutputAsync(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    private static int Number(HttpContext context, string name, int otherwise) =>
        int.TryParse(context.Request.Query[name], CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
