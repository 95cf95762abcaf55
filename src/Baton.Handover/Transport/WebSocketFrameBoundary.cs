using System.Buffers.Binary;

namespace Baton.Handover.Transport;

/// <summary>
/// Follows the WebSocket frames that a server sends, so that a close frame can be put between two of them; RFC 6455, 5.2.
/// </summary>
internal struct WebSocketFrameBoundary
{
    private const int OpcodeClose = 0x8;
    private const int MaxHeaderLength = 14;

    private InlineHeader _header;
    private int _headerBytes;
    private ulong _payloadLeft;

    /// <summary>Whether all that was fed so far is whole frames.</summary>
    public readonly bool AtBoundary => _headerBytes == 0 && _payloadLeft == 0;

    /// <summary>Whether a close frame was among them: nothing may follow it.</summary>
    public bool SawClose { get; private set; }

    /// <summary>Whether a frame of ours may follow.</summary>
    public readonly bool CanInsert => AtBoundary && !SawClose;

    /// <summary>Everything, as another process can read it.</summary>
    public readonly (byte[] Header, ulong PayloadLeft, bool SawClose) State
    {
        get
        {
            ReadOnlySpan<byte> header = _header;
            return (header[.._headerBytes].ToArray(), _payloadLeft, SawClose);
        }
    }

    /// <summary>What <see cref="State"/> has said; a longer header than there can be is cut.</summary>
    public static WebSocketFrameBoundary From(ReadOnlySpan<byte> header, ulong payloadLeft, bool sawClose)
    {
        var boundary = new WebSocketFrameBoundary { _payloadLeft = payloadLeft, SawClose = sawClose, _headerBytes = Math.Min(header.Length, MaxHeaderLength - 1) };
        header[..boundary._headerBytes].CopyTo(boundary._header);
        return boundary;
    }

    /// <summary>A server's close frame: FIN, opcode 8, two bytes of code; RFC 6455, 5.5.1.</summary>
    public static byte[] CloseFrame(int code) => [0x80 | OpcodeClose, 2, (byte)(code >> 8), (byte)code];

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_payloadLeft > 0)
            {
                var skipped = (int)Math.Min(_payloadLeft, (ulong)bytes.Length);
                _payloadLeft -= (ulong)skipped;
                bytes = bytes[skipped..];
                continue;
            }

            _header[_headerBytes++] = bytes[0];
            bytes = bytes[1..];
            if (_headerBytes >= 2 && _headerBytes == HeaderLength())
            {
                SawClose |= (_header[0] & 0xF) == OpcodeClose;
                _payloadLeft = PayloadLength();
                _headerBytes = 0;
            }
        }
    }

    private readonly int HeaderLength() => 2
        + (_header[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 }
        + ((_header[1] & 0x80) != 0 ? 4 : 0); // The masking key, which only clients send.

    private readonly ulong PayloadLength()
    {
        ReadOnlySpan<byte> header = _header;
        return (header[1] & 0x7F) switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(header[2..]),
            var small => (ulong)small,
        };
    }

    [System.Runtime.CompilerServices.InlineArray(MaxHeaderLength)]
    private struct InlineHeader
    {
        private byte _first;
    }
}
