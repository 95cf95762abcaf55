using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Baton.Admin;

/// <summary>
/// The answer to <c>GET /events</c>: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), first
/// what is so now. It ends with an event <c>end</c> when another generation serves, so that it does not hold up the drain; a
/// browser asks anew by itself.
/// </summary>
internal sealed class EventStreams(EventHistory history, TimeProvider clock)
{
    private const int Most = 16;

    // A browser asks again after it; the successor serves by then.
    private const int RetryMilliseconds = 250;

    // Proxies and browsers give up on a silent connection after a minute or so.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // Who does not read for so long is cut off, or the drain would wait for it.
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(2);

    private int _streams;

    public async Task AnswerAsync(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _streams) > Most)
                await AdminAnswer.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"There are {Most} streams of events already. Ask GET /status now and then.");
            else
                await StreamAsync(context);
        }
        catch (OperationCanceledException)
        {
            context.Abort(); // It is gone, or does not read.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Connection = "close"; // The next one is for the successor to accept.
        var last = context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id] ? id : null;
        var (now, missed, next) = history.Follow(last);
        try
        {
            // The id of what it had seen stays its last until it has what it missed.
            await WriteAsync(context, $"retry: {RetryMilliseconds}\n{Text("state", now, last is null ? now.Id : null)}");
            foreach (var one in missed)
                await WriteAsync(context, Text("phase", one, one.Id));
            await FollowAsync(context, next);
            await WriteAsync(context, Text("end", history.Now, id: null));
        }
        finally
        {
            history.Leave(next);
        }
    }

    private async Task FollowAsync(HttpContext context, ChannelReader<EventDocument> next)
    {
        using var timer = new PeriodicTimer(Heartbeat, clock);
        var beat = timer.WaitForNextTickAsync(context.RequestAborted).AsTask();
        var more = next.WaitToReadAsync(context.RequestAborted).AsTask();
        while (true)
        {
            if (await Task.WhenAny(more, beat) == beat)
            {
                await beat;
                await WriteAsync(context, ":\n\n");
                beat = timer.WaitForNextTickAsync(context.RequestAborted).AsTask();
                continue;
            }

            if (!await more)
                return;
            while (next.TryRead(out var one))
                await WriteAsync(context, Text("phase", one, one.Id));
            more = next.WaitToReadAsync(context.RequestAborted).AsTask();
        }
    }

    private static string Text(string name, EventDocument data, string? id) =>
        $"{(id is null ? "" : $"id: {id}\n")}event: {name}\ndata: {JsonSerializer.Serialize(data, EventFormat.Default.EventDocument)}\n\n";

    private async Task WriteAsync(HttpContext context, string text)
    {
        using var deadline = new CancellationTokenSource(WriteTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        await context.Response.WriteAsync(text, either.Token);
        await context.Response.Body.FlushAsync(either.Token);
    }
}
