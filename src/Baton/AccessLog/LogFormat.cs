using System.Text;
using Baton.Configuration;

namespace Baton.AccessLog;

/// <summary>Makes lines: fields, and the operator's own text between them.</summary>
internal sealed class LogFormat
{
    public const string Combined = "combined";
    public const string Json = "json";

    // nginx's, which is Apache's; nobody authenticates here, so that there is no user.
    private const string CombinedTemplate = "{client} - - [{time:clf}] \"{method} {path} {protocol}\" {status} {bytesOut} \"{referer}\" \"{userAgent}\"";

    private static readonly string[] JsonFields =
    [
        "time", "client", "method", "scheme", "host", "path", "protocol", "tls", "status", "bytesIn", "bytesOut", "duration", "upstreamTime",
        "route", "cluster", "destination", "retries", "end", "traceId", "referer", "userAgent", "generation", "pid",
    ];

    private readonly List<(byte[] Before, LogField Field)> _parts = [];
    private readonly bool _isJson;
    private byte[] _end = [(byte)'\n'];

    /// <param name="format">Valid: see <see cref="Complaint"/>.</param>
    /// <param name="fields">What it can be made of.</param>
    public LogFormat(string format, LogFields fields)
    {
        _isJson = IsNamed(format, Json);
        if (_isJson)
            _parts.AddRange(JsonFields.Select(name => (Encoding.ASCII.GetBytes($"\"{name}\":"), fields.Find(name)!)));
        else
            Read(IsNamed(format, Combined) ? CombinedTemplate : format, fields);
    }

    /// <summary>What is wrong with a format, as the rest of a sentence; null if it can be used.</summary>
    public static string? Complaint(string format)
    {
        if (IsNamed(format, Combined) || IsNamed(format, Json))
            return null;
        if (format.Any(char.IsControl))
            return "has a control character in it. A line is one line.";
        if (!format.Contains('{', StringComparison.Ordinal))
            return $"is '{format}', but it must be combined, json, or a template with fields, as in \"{{client}} {{status}}\".{NearestName.Hint(format, [Combined, Json])}";

        var fields = new LogFields(new AccessLogOptions(), 0, TimeZoneInfo.Utc);
        try
        {
            foreach (var (_, name) in LogTemplate.Split(format))
            {
                if (name is not null && fields.Find(name) is null)
                    return $"has the field '{name}', which is not known.{NearestName.Hint(name, fields.Names)}";
            }
        }
        catch (FormatException e)
        {
            return e.Message;
        }

        return null;
    }

    public void Write(LogLine line, in LogEntry entry)
    {
        line.Begin(_isJson);
        if (_isJson)
            WriteObject(line, entry);
        else
            WriteText(line, entry);
    }

    private static bool IsNamed(string format, string name) => format.Equals(name, StringComparison.OrdinalIgnoreCase);

    private void Read(string template, LogFields fields)
    {
        foreach (var (text, name) in LogTemplate.Split(template))
        {
            if (name is null)
                _end = Encoding.UTF8.GetBytes(text + "\n");
            else
                _parts.Add((Encoding.UTF8.GetBytes(text), fields.Find(name)!));
        }
    }

    private void WriteText(LogLine line, in LogEntry entry)
    {
        foreach (var (before, field) in _parts)
        {
            line.Raw(before);
            field(line, entry);
        }

        line.Raw(_end);
    }

    // What there is nothing to say of is left out.
    private void WriteObject(LogLine line, in LogEntry entry)
    {
        line.Raw("{"u8);
        foreach (var (name, field) in _parts)
        {
            var before = line.Length;
            if (before > 1)
                line.Raw(","u8);
            line.Raw(name);
            field(line, entry);
            if (line.IsAbsent)
                line.Length = before;
        }

        line.Raw("}\n"u8);
    }
}
