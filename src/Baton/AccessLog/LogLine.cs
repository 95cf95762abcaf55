using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Baton.AccessLog;

/// <summary>
/// One line while it is written. What a client has sent is escaped, so that it can neither end the line nor a field, nor steer
/// the terminal of a reader.
/// </summary>
internal sealed class LogLine
{
    // Of one text, in characters: a client can send more than anybody wants to read.
    private const int LongestText = 2048;

    // Printable ASCII without quote and backslash.
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Except(['"', '\\'])]);

    private byte[] _buffer = new byte[1024];
    private bool _isJson;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>May be set back to forget what was written after it.</summary>
    public int Length { get; set; }

    /// <summary>Whether the last field had nothing to say.</summary>
    public bool IsAbsent { get; private set; }

    public void Begin(bool isJson) => (_isJson, Length) = (isJson, 0);

    /// <summary>Our own words, as they are.</summary>
    public void Raw(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    /// <summary>A field of which nothing needs to be escaped.</summary>
    public void Token(ReadOnlySpan<byte> text)
    {
        Quote();
        Raw(text);
        Quote();
        IsAbsent = false;
    }

    /// <summary>A field that was written by anybody; null or empty for nothing.</summary>
    public void Text(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            Nothing();
            return;
        }

        Quote();
        var shown = text.AsSpan(0, Math.Min(text.Length, LongestText));
        var plain = shown.IndexOfAnyExcept(Plain) is >= 0 and var first ? first : shown.Length;
        Length += Encoding.ASCII.GetBytes(shown[..plain], Room(plain));
        Escape(shown[plain..]);
        if (shown.Length < text.Length)
            Raw("..."u8);
        Quote();
        IsAbsent = false;
    }

    public void Number(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out var written);
        Length += written;
        IsAbsent = false;
    }

    /// <summary>With microseconds.</summary>
    public void Seconds(TimeSpan? time)
    {
        if (time is not { } known)
        {
            Nothing();
            return;
        }

        var (seconds, microseconds) = Math.DivRem(known.Ticks / TimeSpan.TicksPerMicrosecond, 1_000_000);
        Number(seconds);
        Raw("."u8);
        Utf8Formatter.TryFormat(microseconds, Room(20), out var written, new StandardFormat('D', 6));
        Length += written;
    }

    public void Nothing()
    {
        Raw(_isJson ? "null"u8 : "-"u8);
        IsAbsent = true;
    }

    private void Quote()
    {
        if (_isJson)
            Raw("\""u8);
    }

    private void Escape(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes()) // Half a surrogate pair becomes U+FFFD.
        {
            var bytes = utf8[..rune.EncodeToUtf8(utf8)];
            if (rune.Value is >= ' ' and <= '~' and not '"' and not '\\')
                Raw(bytes);
            else if (!_isJson)
                Hexadecimal(bytes);
            else if (rune.Value is '"' or '\\')
                Raw([(byte)'\\', bytes[0]]);
            else if (rune.Value < 0xA0) // C0, DEL and C1: terminals obey them.
                Raw([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', Digit(rune.Value >> 4), Digit(rune.Value)]);
            else
                Raw(bytes);
        }
    }

    // As nginx does in its own formats.
    private void Hexadecimal(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            Raw([(byte)'\\', (byte)'x', Digit(value >> 4), Digit(value)]);
    }

    private static byte Digit(int value) => "0123456789ABCDEF"u8[value & 15];

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - Length < count)
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, Length + count));
        return _buffer.AsSpan(Length);
    }
}
