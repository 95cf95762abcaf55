using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Baton.Tests.Backends;

/// <summary>
/// The server's side of a WebSocket on which both sides send messages of their own, numbered from 1, whether the other says
/// anything or not. The client ends it with <c>end COUNT</c> and is told <c>end COUNT</c> when its messages came gapless, in
/// order and once, otherwise <c>fault REASON</c>.
/// </summary>
public static class WebSocketConversation
{
    // Longer than any message, so that each comes in one piece.
    private const int LongestMessage = 32 * 1024;

    // A prime, so that the lengths do not repeat in step with anything.
    private const int LongestPadding = 20_011;

    /// <summary>The text of a message: its number and, in a conversation without pauses, a padding of every length.</summary>
    public static string Message(int number, int pauseMilliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {new string('x', pauseMilliseconds > 0 ? 0 : (int)(number * 7919L % LongestPadding))}");

    internal static async Task AnswerAsync(HttpContext context, int pauseMilliseconds)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var stop = new CancellationTokenSource();
        // In a task of its own: sends that complete at once would keep this one from receiving.
        var sending = Task.Run(() => SendAsync(socket, pauseMilliseconds, stop.Token, context.RequestAborted), CancellationToken.None);
        string verdict;
        try
        {
            verdict = await ReceiveAsync(socket, pauseMilliseconds, context.RequestAborted);
        }
        finally
        {
            await stop.CancelAsync();
        }
        var sent = await sending;
        await SendTextAsync(socket, $"{verdict} {sent}", context.RequestAborted);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        // The client's own close frame; a connection that ends before it would be reset.
        await socket.ReceiveAsync(new byte[LongestMessage].AsMemory(), context.RequestAborted);
    }

    /// <summary>Checks the client's messages until it ends the conversation.</summary>
    private static async Task<string> ReceiveAsync(WebSocket socket, int pauseMilliseconds, CancellationToken aborted)
    {
        var buffer = new byte[LongestMessage];
        for (var number = 1; ; number++)
        {
            var length = 0;
            ValueWebSocketReceiveResult piece;
            do
            {
                piece = await socket.ReceiveAsync(buffer.AsMemory(length), aborted);
                length += piece.Count;
            }
            while (!piece.EndOfMessage);

            var text = Encoding.UTF8.GetString(buffer, 0, length);
            if (piece.MessageType == WebSocketMessageType.Close)
                return $"fault close frame instead of message {number}";
            if (text == $"end {number - 1}")
                return text;
            if (text != Message(number, pauseMilliseconds))
                return $"fault '{text[..Math.Min(20, length)]}' of {length} bytes came as message {number}";
        }
    }

    /// <summary>Sends messages until told to stop, the last one whole; returns how many.</summary>
    private static async Task<int> SendAsync(WebSocket socket, int pauseMilliseconds, CancellationToken stop, CancellationToken aborted)
    {
        for (var number = 1; ; number++)
        {
            await SendTextAsync(socket, Message(number, pauseMilliseconds), aborted);
            if (pauseMilliseconds > 0)
                await Task.Delay(pauseMilliseconds, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else
                await Task.Yield(); // A send that completes at once would keep the thread from everybody else.
            if (stop.IsCancellationRequested)
                return number;
        }
    }

    private static ValueTask SendTextAsync(WebSocket socket, string text, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
}
