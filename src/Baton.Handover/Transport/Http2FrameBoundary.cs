using System.Buffers.Binary;

namespace Baton.Handover.Transport;

/// <summary>Follows the HTTP/2 frames of one direction, so that a frame of ours can be put between two of them; RFC 9113, 4.1.</summary>
internal struct Http2FrameBoundary
{
    private const int HeaderLength = 9;

    private uint _length;
    private int _headerBytes;
    private uint _payloadLeft;

    /// <summary>Whether all that was fed so far is whole frames.</summary>
    public readonly bool AtBoundary => _headerBytes == 0 && _payloadLeft == 0;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_payloadLeft > 0)
            {
                var skipped = (int)Math.Min(_payloadLeft, (uint)bytes.Length);
                _payloadLeft -= (uint)skipped;
                bytes = bytes[skipped..];
            }
            else if (_headerBytes == 0 && bytes.Length >= HeaderLength)
            {
                _payloadLeft = BinaryPrimitives.ReadUInt32BigEndian(bytes) >> 8;
                bytes = bytes[HeaderLength..];
            }
            else
            {
                if (_headerBytes < 3)
                    _length = (_length << 8) | bytes[0];
                bytes = bytes[1..];
                if (++_headerBytes == HeaderLength)
                    (_payloadLeft, _length, _headerBytes) = (_length, 0, 0);
            }
        }
    }
}
