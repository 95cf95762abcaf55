using System.Buffers.Binary;

namespace Baton.Tests.Clients;

/// <summary>One frame of HTTP/2 (RFC 9113, 4.1).</summary>
public sealed record Http2Frame(Http2FrameType Type, byte Flags, int Stream, byte[] Payload)
{
    public const int HeaderSize = 9;

    /// <summary>What a client that knows the server speaks HTTP/2 sends first (RFC 9113, 3.4).</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>END_STREAM of DATA and HEADERS, ACK of SETTINGS and PING.</summary>
    public bool EndsStream => (Flags & 0x1) != 0;

    public bool Acknowledges => (Flags & 0x1) != 0;

    public bool EndsHeaders => (Flags & 0x4) != 0;

    /// <summary>The payload of DATA or HEADERS without padding and priority (RFC 9113, 6.1 and 6.2).</summary>
    public ReadOnlySpan<byte> Content
    {
        get
        {
            var padded = (Flags & 0x8) != 0;
            var start = (padded ? 1 : 0) + (Type == Http2FrameType.Headers && (Flags & 0x20) != 0 ? 5 : 0);
            return Payload.AsSpan(start, Payload.Length - start - (padded ? Payload[0] : 0));
        }
    }

    public static Http2Frame WindowUpdate(int stream, int bytes)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, bytes);
        return new Http2Frame(Http2FrameType.WindowUpdate, 0, stream, payload);
    }

    public static (Http2FrameType Type, byte Flags, int Stream, int Length) ParseHeader(ReadOnlySpan<byte> header) =>
        ((Http2FrameType)header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header[5..]) & int.MaxValue, (header[0] << 16) | (header[1] << 8) | header[2]);

    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderSize + Payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Payload.Length << 8);
        bytes[3] = (byte)Type;
        bytes[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), Stream);
        Payload.CopyTo(bytes, HeaderSize);
        return bytes;
    }
}
