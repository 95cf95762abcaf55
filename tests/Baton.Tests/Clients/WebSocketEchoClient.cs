using System.Buffers.Binary;
using System.Text;

namespace Baton.Tests.Clients;

/// <summary>
/// WebSockets that send numbered messages and want each echoed, in order. A close frame from the server is obeyed by a new
/// WebSocket and shows in the report with its code; a stream that ends without one is a failure.
/// </summary>
public sealed class WebSocketEchoClient(int port, int sockets = 1, int pauseMilliseconds = 10, bool reopens = true)
    : Client("websocket echo", port, sockets)
{
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(5);

    protected override async Task RunLaneAsync(Cues cues, CancellationToken cancellationToken)
    {
        do
        {
            WebSocketConnection? socket = null;
            var message = 0;
            try
            {
                using (var limit = Limit(AnswerDeadline, cancellationToken))
                    socket = await WebSocketConnection.OpenAsync(Port, $"/ws?id={NextId()}", Report, limit.Token);
                while (true)
                {
                    message++;
                    if (!await EchoAsync(socket, $"message {message} on {socket.Number}", cancellationToken))
                        break;
                    cues.Ready();
                    if (!GoesOn(cues, cancellationToken))
                    {
                        await CloseAsync(socket, cancellationToken);
                        break;
                    }
                    await Task.Delay(pauseMilliseconds, cancellationToken);
                }
            }
            catch (Exception e) when (ConnectionFault.Is(e))
            {
                var happened = ConnectionFault.InWords(e, cancellationToken);
                Report.CountEnd($"no close frame: {happened}");
                Report.Fail(socket?.Number ?? 0, message, message == 0 ? "open a WebSocket" : $"echo message {message}", happened);
                await Task.Delay(10, CancellationToken.None);
            }
            finally
            {
                socket?.Dispose();
            }
        }
        while (reopens && GoesOn(cues, cancellationToken));
    }

    private static CancellationTokenSource Limit(TimeSpan time, CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time);
        return limit;
    }

    /// <summary>Sends a message and waits for its echo; false when the server closed the WebSocket instead.</summary>
    private async Task<bool> EchoAsync(WebSocketConnection socket, string message, CancellationToken cancellationToken)
    {
        using var limit = Limit(AnswerDeadline, cancellationToken);
        // What came during the pause can only be a ping or the close.
        while (socket.HasInput)
        {
            var early = await socket.ReceiveAsync(limit.Token);
            if (early.Opcode == WebSocketOpcode.Close)
            {
                await ObeyCloseAsync(socket, early, "", cancellationToken);
                return false;
            }
            if (!await PongAsync(socket, early, limit.Token))
                throw new ResponseLostException($"'{early.Text}' ({early.Opcode}) came while nothing was asked");
        }

        var start = TimeProvider.System.GetTimestamp();
        await socket.SendAsync(new WebSocketFrame(WebSocketOpcode.Text, true, Encoding.UTF8.GetBytes(message)), limit.Token);
        while (true)
        {
            var frame = await socket.ReceiveAsync(limit.Token);
            if (frame.Opcode == WebSocketOpcode.Close)
            {
                await ObeyCloseAsync(socket, frame, " with one message unanswered", cancellationToken);
                return false;
            }
            if (await PongAsync(socket, frame, limit.Token))
                continue;
            if (frame.Opcode != WebSocketOpcode.Text || !frame.Final || frame.Text != message)
                throw new ResponseLostException($"'{frame.Text}' ({frame.Opcode}) came instead of '{message}'");
            Report.CountAnswer(TimeProvider.System.GetElapsedTime(start));
            return true;
        }
    }

    private static async Task<bool> PongAsync(WebSocketConnection socket, WebSocketFrame frame, CancellationToken cancellationToken)
    {
        if (frame.Opcode == WebSocketOpcode.Ping)
            await socket.SendAsync(frame with { Opcode = WebSocketOpcode.Pong }, cancellationToken);
        return frame.Opcode is WebSocketOpcode.Ping or WebSocketOpcode.Pong;
    }

    /// <summary>Answers the server's close frame with the same code, and looks how the stream then ends (RFC 6455, 7.1.1).</summary>
    private async Task ObeyCloseAsync(WebSocketConnection socket, WebSocketFrame close, string unanswered, CancellationToken cancellationToken)
    {
        using var limit = Limit(EndDeadline, cancellationToken);
        Report.CountAskedToClose();
        var end = "";
        try
        {
            await socket.SendAsync(close, limit.Token);
            await socket.ReceiveEndAsync(limit.Token);
        }
        catch (Exception e) when (ConnectionFault.Is(e))
        {
            end = $", then {ConnectionFault.InWords(e, cancellationToken)}";
        }
        Report.CountEnd($"close {close.CloseCode}{unanswered}{end}");
    }

    /// <summary>Closes from this side and waits for the server's close frame and FIN.</summary>
    private async Task CloseAsync(WebSocketConnection socket, CancellationToken cancellationToken)
    {
        using var limit = Limit(EndDeadline, cancellationToken);
        var payload = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, 1000);
        await socket.SendAsync(new WebSocketFrame(WebSocketOpcode.Close, true, payload), limit.Token);
        WebSocketFrame answer;
        do
        {
            answer = await socket.ReceiveAsync(limit.Token);
        }
        while (answer.Opcode != WebSocketOpcode.Close);
        await socket.ReceiveEndAsync(limit.Token);
        Report.CountEnd($"closed by the client, answered {answer.CloseCode}");
    }
}
