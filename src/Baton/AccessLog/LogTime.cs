using System.Globalization;
using System.Text;

namespace Baton.AccessLog;

/// <summary>The time of a request, as lines show it.</summary>
internal sealed class LogTime(TimeZoneInfo zone)
{
    private const int UpToMilliseconds = 23;

    private Second? _last;

    /// <summary>RFC 3339 in UTC, with milliseconds: 2026-03-04T05:06:07.089Z.</summary>
    public static void WriteRfc3339(LogLine line, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[33];
        time.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture); // Down to 100 ns; this format costs least.
        text[UpToMilliseconds] = (byte)'Z';
        line.Token(text[..(UpToMilliseconds + 1)]);
    }

    /// <summary>As in the common log format, in local time: 04/Mar/2026:05:06:07 +0000. Many requests come in one second.</summary>
    public void WriteCommon(LogLine line, DateTimeOffset time)
    {
        var number = time.ToUnixTimeSeconds();
        var second = _last;
        if (second?.Number != number)
            _last = second = new Second(number, Encoding.ASCII.GetBytes(Common(TimeZoneInfo.ConvertTime(time, zone))));
        line.Token(second.Text);
    }

    // The colon of .NET's own offset is not part of the format.
    private static string Common(DateTimeOffset time) =>
        time.ToString("dd/MMM/yyyy:HH:mm:ss ", CultureInfo.InvariantCulture) + time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);

    private sealed record Second(long Number, byte[] Text);
}
