using System.Buffers.Binary;
using System.Text;

namespace Baton.Tests.Clients;

/// <summary>One frame of a WebSocket (RFC 6455, 5.2), unmasked.</summary>
public sealed record WebSocketFrame(WebSocketOpcode Opcode, bool Final, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>The status of a close frame; 1005 stands for one without (RFC 6455, 7.1.5).</summary>
    public int CloseCode => Payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(Payload) : 1005;

    /// <summary>The frame as a client must send it: masked (RFC 6455, 5.3).</summary>
    public byte[] ToMaskedBytes()
    {
        var mask = (stackalloc byte[4]);
        Random.Shared.NextBytes(mask);
        var bytes = new List<byte> { (byte)((Final ? 0x80 : 0) | (int)Opcode) };
        if (Payload.Length < 126)
        {
            bytes.Add((byte)(0x80 | Payload.Length));
        }
        else if (Payload.Length <= ushort.MaxValue)
        {
            bytes.AddRange([0x80 | 126, (byte)(Payload.Length >> 8), (byte)Payload.Length]);
        }
        else
        {
            throw new InvalidOperationException($"A frame of {Payload.Length} bytes is longer than the 65535 that these clients send.");
        }
        bytes.AddRange(mask);
        for (var at = 0; at < Payload.Length; at++)
            bytes.Add((byte)(Payload[at] ^ mask[at % 4]));
        return [.. bytes];
    }
}
