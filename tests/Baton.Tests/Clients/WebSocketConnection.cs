using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Baton.Tests.Clients;

/// <summary>A WebSocket over a raw socket: the upgrade, masked frames out, plain frames in.</summary>
public sealed class WebSocketConnection : IDisposable
{
    private readonly Http1Connection _connection;

    private WebSocketConnection(Http1Connection connection) => _connection = connection;

    public int Number => _connection.Number;

    /// <summary>Something can be read at once: a frame, or the end.</summary>
    public bool HasInput => _connection.HasInput;

    /// <exception cref="ResponseLostException">The server did not upgrade.</exception>
    public static async Task<WebSocketConnection> OpenAsync(int port, string target, ClientReport report, CancellationToken cancellationToken)
    {
        var connection = await Http1Connection.OpenAsync(port, report, null, cancellationToken);
        try
        {
            var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            connection.Requests++;
            await connection.SendAsync(
                $"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n",
                cancellationToken);
            var head = await connection.Reader.ReadHeadAsync(cancellationToken);
            if (head.Status != 101)
                throw new ResponseLostException($"answered '{head.StatusLine}' instead of switching protocols");
            if (!head.Headers.TryGetValue("Sec-WebSocket-Accept", out var accept) || accept != AcceptOf(key))
                throw new ResponseLostException($"switched protocols with the Sec-WebSocket-Accept '{accept}' instead of '{AcceptOf(key)}'");
            return new WebSocketConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public Task SendAsync(WebSocketFrame frame, CancellationToken cancellationToken) =>
        _connection.SendAsync(frame.ToMaskedBytes(), cancellationToken);

    /// <exception cref="ResponseLostException">The stream ended, or a frame is malformed.</exception>
    public async Task<WebSocketFrame> ReceiveAsync(CancellationToken cancellationToken)
    {
        var start = new byte[2];
        await _connection.Reader.ReadExactlyAsync(start, cancellationToken);
        if ((start[1] & 0x80) != 0)
            throw new ResponseLostException("a frame from the server is masked");
        long length = start[1] & 0x7F;
        if (length >= 126)
        {
            var longer = new byte[length == 126 ? 2 : 8];
            await _connection.Reader.ReadExactlyAsync(longer, cancellationToken);
            length = longer.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(longer) : BinaryPrimitives.ReadInt64BigEndian(longer);
        }
        if (length is < 0 or > 1 << 20)
            throw new ResponseLostException($"a frame of {length} bytes came");
        var payload = new byte[length];
        await _connection.Reader.ReadExactlyAsync(payload, cancellationToken);
        return new WebSocketFrame((WebSocketOpcode)(start[0] & 0x0F), (start[0] & 0x80) != 0, payload);
    }

    /// <summary>Waits for the FIN.</summary>
    public Task ReceiveEndAsync(CancellationToken cancellationToken) => _connection.Reader.ReadEndAsync(cancellationToken);

    public void Dispose() => _connection.Dispose();

    // SHA-1 and the constant are the protocol's (RFC 6455, 4.2.2).
#pragma warning disable CA5350
    private static string AcceptOf(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
