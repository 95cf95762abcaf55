using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Baton.Tests.Clients;

/// <summary>
/// One HTTP/2 connection with prior knowledge over a raw socket. After a GOAWAY it opens no stream, and it tells how the
/// connection ended: by a FIN or by a RST, with or without a GOAWAY.
/// </summary>
public sealed class Http2Connection : IDisposable
{
    private readonly Socket _socket;
    private readonly Http2FrameReader _frames;
    private readonly Http2StreamTable _streams = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly int _port;

    private Http2Connection(Socket socket, int port, int number)
    {
        _socket = socket;
        _frames = new Http2FrameReader(socket);
        _port = port;
        Number = number;
        End = Task.CompletedTask;
    }

    public int Number { get; }

    /// <summary>Ends when the connection does.</summary>
    public Task End { get; private set; }

    /// <summary>A RST or a broken protocol; null after a FIN, and while the connection lives.</summary>
    public string? Fault => _streams.Fault;

    /// <summary>The GOAWAY in words; null while none was seen.</summary>
    public string? GoAway => _streams.GoAway;

    /// <summary>A new stream can be opened.</summary>
    public bool Opens => _streams.Opens;

    public static async Task<Http2Connection> OpenAsync(int port, ClientReport report, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            var connection = new Http2Connection(socket, port, report.CountConnection());
            // SETTINGS_HEADER_TABLE_SIZE (1) = 0: responses are then encoded without a dynamic table, which is not kept here.
            var settings = new Http2Frame(Http2FrameType.Settings, 0, 0, [0, 1, 0, 0, 0, 0]);
            await connection.SendAsync([.. Http2Frame.Preface, .. settings.ToBytes()], cancellationToken);
            connection.End = Task.Run(() => connection.ReceiveAsync(cancellationToken), CancellationToken.None);
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a stream and waits for its end. Null when the connection opens no more streams: nothing was asked then.
    /// </summary>
    public async Task<Http2Answer?> AskAsync(string target, string? body, TimeSpan deadline, CancellationToken cancellationToken)
    {
        Http2Stream? stream;
        try
        {
            stream = await OpenStreamAsync(target, body, cancellationToken);
        }
        catch (SocketException e)
        {
            // The receiving side knows better why; it has a moment to say so.
            await End.WaitAsync(deadline, cancellationToken);
            throw new ResponseLostException($"{ConnectionFault.InWords(e, cancellationToken)} while a stream was opened; the connection ended by {Fault ?? "FIN"}", e);
        }
        if (stream is null)
            return null;
        try
        {
            return await stream.Answer.WaitAsync(deadline, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new Http2Answer(stream.Id, 0, "", "no answer within the deadline");
        }
        finally
        {
            _streams.Forget(stream);
        }
    }

    /// <summary>Says that no more streams come, and ends the sending side.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(new Http2Frame(Http2FrameType.GoAway, 0, 0, new byte[8]).ToBytes(), cancellationToken);
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The connection ended already; the receiving side says how.
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _writing.Dispose();
    }

    private async Task<Http2Stream?> OpenStreamAsync(string target, string? body, CancellationToken cancellationToken)
    {
        // Streams must reach the wire in the order of their numbers (RFC 9113, 5.1.1), so the number is taken while writing.
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_streams.Open(body?.Length ?? 0) is not { } stream)
                return null;
            var block = HpackBlock.Request(body is not null, target, $"127.0.0.1:{_port}");
            var headers = new Http2Frame(Http2FrameType.Headers, (byte)(body is null ? 0x5 : 0x4), stream.Id, block).ToBytes();
            byte[] data = body is null ? [] : new Http2Frame(Http2FrameType.Data, 0x1, stream.Id, Encoding.Latin1.GetBytes(body)).ToBytes();
            await WriteAsync((byte[])[.. headers, .. data], cancellationToken);
            return stream;
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task SendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(bytes, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        string? fault = null;
        try
        {
            while (await _frames.ReadAsync(cancellationToken) is { } frame)
            {
                _streams.Receive(frame);
                if (Reply(frame) is { Length: > 0 } reply)
                    await TrySendAsync(reply, cancellationToken);
            }
        }
        catch (Exception e) when (ConnectionFault.Is(e))
        {
            fault = ConnectionFault.InWords(e, cancellationToken);
        }
        _streams.End(fault);
    }

    private static byte[] Reply(Http2Frame frame) => frame.Type switch
    {
        // Both windows are opened again at once, so that the server never waits for this client.
        Http2FrameType.Data when frame.Payload.Length > 0 =>
        [
            .. Http2Frame.WindowUpdate(0, frame.Payload.Length).ToBytes(),
            .. frame.EndsStream ? [] : Http2Frame.WindowUpdate(frame.Stream, frame.Payload.Length).ToBytes(),
        ],
        Http2FrameType.Settings when !frame.Acknowledges => new Http2Frame(frame.Type, 0x1, 0, []).ToBytes(),
        Http2FrameType.Ping when !frame.Acknowledges => new Http2Frame(frame.Type, 0x1, 0, frame.Payload).ToBytes(),
        _ => [],
    };

    // A write that fails while the connection ends is no news: reading says how it ended.
    private async Task TrySendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(bytes, cancellationToken);
        }
        catch (SocketException)
        {
        }
    }
}
