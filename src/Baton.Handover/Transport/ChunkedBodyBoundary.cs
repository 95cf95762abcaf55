using System.Globalization;

namespace Baton.Handover.Transport;

/// <summary>
/// Follows a chunked body to its end; RFC 9112, 7.1. The server judges whether it is well formed, and closes the connection
/// if it is not.
/// </summary>
internal struct ChunkedBodyBoundary
{
    private Part _part;
    private long _size;
    private long _dataLeft;
    private bool _lineHasText;

    /// <summary>Whether the last chunk and the trailers have been fed.</summary>
    public readonly bool Ended => _part == Part.End;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && _part != Part.End)
        {
            if (_part == Part.Data)
            {
                var skipped = (int)Math.Min(_dataLeft, bytes.Length);
                _dataLeft -= skipped;
                bytes = bytes[skipped..];
                if (_dataLeft == 0)
                    _part = Part.Size;
                continue;
            }

            Feed(bytes[0]);
            bytes = bytes[1..];
        }
    }

    private void Feed(byte value)
    {
        switch (_part, value)
        {
            case (Part.Size, (byte)'\n') or (Part.Extension, (byte)'\n'):
                EndSizeLine();
                break;
            case (Part.Size, _) when HexDigit(value) is { } digit:
                _size = (_size << 4) | digit;
                break;
            case (Part.Size, (byte)';'):
                _part = Part.Extension;
                break;
            case (Part.Trailers, (byte)'\n'):
                if (!_lineHasText)
                    _part = Part.End;
                _lineHasText = false;
                break;
            case (Part.Trailers, not (byte)'\r'):
                _lineHasText = true;
                break;
        }
    }

    private void EndSizeLine()
    {
        _dataLeft = _size + 2; // With the line end behind the data.
        _part = _size == 0 ? Part.Trailers : Part.Data;
        _size = 0;
    }

    private static long? HexDigit(byte value) => int.TryParse([(char)value], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit) ? digit : null;

    private enum Part
    {
        Size,
        Extension,
        Data,
        Trailers,
        End,
    }
}
