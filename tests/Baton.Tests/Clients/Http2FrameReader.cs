using System.Net.Sockets;

namespace Baton.Tests.Clients;

/// <summary>Reads the frames of an HTTP/2 connection from its socket.</summary>
internal sealed class Http2FrameReader(Socket socket)
{
    // SETTINGS_MAX_FRAME_SIZE at its initial value, which no client here raises (RFC 9113, 6.5.2).
    private const int LargestPayload = 16_384;

    /// <summary>The next frame; null at a FIN between two frames.</summary>
    /// <exception cref="ResponseLostException">The connection ended within a frame, or the frame is too large.</exception>
    public async Task<Http2Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        var header = new byte[Http2Frame.HeaderSize];
        if (!await ReadExactlyAsync(header, cancellationToken))
            return null;
        var (type, flags, stream, length) = Http2Frame.ParseHeader(header);
        if (length > LargestPayload)
            throw new ResponseLostException($"a frame of {length} bytes came, more than the {LargestPayload} allowed");
        var payload = new byte[length];
        if (length > 0 && !await ReadExactlyAsync(payload, cancellationToken))
            throw new ResponseLostException($"end of file in a {type} frame");
        return new Http2Frame(type, flags, stream, payload);
    }

    private async Task<bool> ReadExactlyAsync(Memory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var have = 0; have < bytes.Length;)
        {
            var read = await socket.ReceiveAsync(bytes[have..], cancellationToken);
            if (read == 0 && have == 0)
                return false;
            if (read == 0)
                throw new ResponseLostException("end of file in a frame");
            have += read;
        }
        return true;
    }
}
