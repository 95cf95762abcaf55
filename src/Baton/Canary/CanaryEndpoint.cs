using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Baton.Handover;
using Baton.Handover.Hosting;
using Baton.Handover.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Baton.Canary;

/// <summary>Answers canaries, with little and in bounds; each answer names the generation.</summary>
internal sealed class CanaryEndpoint
{
    private const int MostAtOnce = 64;
    private const int LongestEcho = 64;
    private const long LargestBody = 1024 * 1024;

    // A canary's WebSocket ends in this process, so it cannot move; it is told early, for it is not what a drain should wait for.
    private static readonly TunnelDrainPolicy Soon = new(TunnelDrainPolicy.ServiceRestart, TimeSpan.FromSeconds(1));

    private readonly Generation _generation;
    private readonly WebSocketMiddleware _webSockets;
    private int _count;

    public CanaryEndpoint(Generation generation, ILoggerFactory loggers)
    {
        _generation = generation;
        _webSockets = new WebSocketMiddleware(ConverseAsync, Options.Create(new WebSocketOptions()), loggers);
        Endpoint = new Endpoint(HandleAsync, new EndpointMetadataCollection(Soon, new NotTraffic()), "canary");
    }

    public Endpoint Endpoint { get; }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _count) > MostAtOnce)
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            else
                await AnswerAsync(context);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or WebSocketException or ConnectionAbortedException or BadHttpRequestException)
        {
            // The canary is gone, and is not to be a line in the log.
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.StartsWith(CanaryPaths.Echo, StringComparison.Ordinal) && path.Length <= CanaryPaths.Echo.Length + LongestEcho)
            return WriteAsync(context, path[CanaryPaths.Echo.Length..]);
        if (path == CanaryPaths.Upload)
            return CountAsync(context);
        if (path == CanaryPaths.Socket)
            return _webSockets.Invoke(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private async Task CountAsync(HttpContext context)
    {
        var length = 0L;
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            length += read.Buffer.Length;
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (length > LargestBody)
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return;
            }

            if (read.IsCompleted)
                break;
        }

        await WriteAsync(context, length.ToString(CultureInfo.InvariantCulture));
    }

    private async Task ConverseAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[LongestEcho];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close || !received.EndOfMessage)
                break;
            await socket.SendAsync(
                Encoding.UTF8.GetBytes(Answer(Encoding.UTF8.GetString(buffer, 0, received.Count))), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    private async Task WriteAsync(HttpContext context, string text)
    {
        var answer = Encoding.UTF8.GetBytes(Answer(text));
        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer, context.RequestAborted);
    }

    private string Answer(string text) => string.Create(CultureInfo.InvariantCulture, $"{text} {_generation.Number}");
}
