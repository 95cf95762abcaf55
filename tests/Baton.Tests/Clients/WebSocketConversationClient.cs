using System.Buffers.Binary;
using System.Text;
using Baton.Tests.Backends;

namespace Baton.Tests.Clients;

/// <summary>
/// WebSockets that live from the start to the end of the traffic. Each side sends numbered messages of its own; a number
/// that is missing, doubled or out of order on either side, and every end before the client's own, is a failure.
/// </summary>
/// <param name="port">The port on 127.0.0.1.</param>
/// <param name="sockets">How many.</param>
/// <param name="pauseMilliseconds">Between two messages, on each side; 0 sends messages of every length as fast as they go.</param>
public sealed class WebSocketConversationClient(int port, int sockets = 1, int pauseMilliseconds = 100)
    : Client(pauseMilliseconds == 0 ? "websocket at full load" : "websocket both ways", port, sockets)
{
    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        WebSocketConnection? socket = null;
        var received = 0;
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            {
                limit.CancelAfter(AnswerDeadline);
                socket = await WebSocketConnection.OpenAsync(Port, $"/conversation?ms={pauseMilliseconds}&id={NextId()}", Report, limit.Token);
            }
            // In a task of its own: sends that complete at once would keep this one from receiving.
            var sending = Task.Run(() => SendAsync(socket, cues, broken.Token), CancellationToken.None);
            var end = await ReceiveAsync(socket, count => received = count, cues, cancellationToken);
            var expected = $"end {await sending.WaitAsync(AnswerDeadline, cancellationToken)} {received}";
            if (end != expected)
                throw new ResponseLostException($"the server says '{end}' instead of '{expected}'");
            await CloseAsync(socket, cancellationToken);
        }
        catch (Exception e) when (ConnectionFault.Is(e))
        {
            Report.Fail(
                socket?.Number ?? 0, received, socket is null ? "open a WebSocket" : $"receive message {received + 1}", ConnectionFault.InWords(e, cancellationToken));
        }
        finally
        {
            await broken.CancelAsync();
            socket?.Dispose();
        }
    }

    /// <summary>Sends messages until the traffic stops, then the end; returns how many.</summary>
    private async Task<int> SendAsync(WebSocketConnection socket, Cues cues, CancellationToken cancellationToken)
    {
        var sent = 0;
        while (GoesOn(cues, cancellationToken))
        {
            await SendTextAsync(socket, WebSocketConversation.Message(++sent, pauseMilliseconds), cancellationToken);
            if (pauseMilliseconds > 0)
                await Task.Delay(pauseMilliseconds, cancellationToken);
            else
                await Task.Yield(); // A send that completes at once would keep the thread from everybody else.
        }
        await SendTextAsync(socket, $"end {sent}", cancellationToken);
        return sent;
    }

    /// <summary>Checks the server's messages; returns what it says at the end.</summary>
    private async Task<string> ReceiveAsync(WebSocketConnection socket, Action<int> received, Cues cues, CancellationToken cancellationToken)
    {
        for (var number = 1; ; number++)
        {
            var start = TimeProvider.System.GetTimestamp();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(AnswerDeadline);
            var frame = await socket.ReceiveAsync(limit.Token);
            if (frame.Opcode == WebSocketOpcode.Close)
                throw new ResponseLostException($"close frame {frame.CloseCode}");
            if (frame.Opcode != WebSocketOpcode.Text || !frame.Final)
                throw new ResponseLostException($"a frame {frame.Opcode} of {frame.Payload.Length} bytes came");
            var text = frame.Text;
            if (text.StartsWith("end ", StringComparison.Ordinal) || text.StartsWith("fault ", StringComparison.Ordinal))
                return text;
            if (text != WebSocketConversation.Message(number, pauseMilliseconds))
                throw new ResponseLostException($"'{text[..Math.Min(20, text.Length)]}' of {text.Length} bytes came as message {number}");
            Report.CountAnswer(TimeProvider.System.GetElapsedTime(start));
            received(number);
            cues.Ready();
        }
    }

    /// <summary>Takes the server's close frame, answers it, and waits for the FIN.</summary>
    private async Task CloseAsync(WebSocketConnection socket, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerDeadline);
        var close = await socket.ReceiveAsync(limit.Token);
        if (close.Opcode != WebSocketOpcode.Close)
            throw new ResponseLostException($"a frame {close.Opcode} came instead of the close frame");
        var payload = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, 1000);
        await socket.SendAsync(new WebSocketFrame(WebSocketOpcode.Close, true, payload), limit.Token);
        await socket.ReceiveEndAsync(limit.Token);
        Report.CountEnd($"close {close.CloseCode}");
    }

    private static Task SendTextAsync(WebSocketConnection socket, string text, CancellationToken cancellationToken) =>
        socket.SendAsync(new WebSocketFrame(WebSocketOpcode.Text, true, Encoding.UTF8.GetBytes(text)), cancellationToken);
}
