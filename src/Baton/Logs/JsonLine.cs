using System.Globalization;
using Microsoft.Extensions.Configuration;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;

namespace Baton.Logs;

/// <summary>
/// An event as one JSON object on one line: time (RFC 3339, UTC), level, message, generation, pid, source, eventId, exception,
/// and what else it says under properties. Serilog makes one by the name of this type.
/// </summary>
internal sealed class JsonLine : ITextFormatter
{
    public const string TypeName = "Baton.Logs.JsonLine, baton";

    /// <summary>The properties that every event has.</summary>
    public const string Generation = nameof(Generation);

    /// <inheritdoc cref="Generation"/>
    public const string Pid = nameof(Pid);

    private const string Source = "SourceContext";
    private const string EventId = nameof(EventId);

    private static readonly string[] Known = [Generation, Pid, Source, EventId];
    private static readonly JsonValueFormatter Values = new(typeTagName: null);
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    /// <summary>Whether the standard output is lines of these, so that nothing else may be written there.</summary>
    public static bool IsOutput(IConfiguration configuration) =>
        configuration.GetSection("Serilog:WriteTo").GetChildren().Any(sink => sink["Name"] == "Console" && sink["Args:formatter"] == TypeName);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write("{\"time\":\"");
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        output.Write("\",\"level\":\"");
        output.Write(logEvent.Level.ToString());
        output.Write("\",\"message\":");
        using (var message = new StringWriter(CultureInfo.InvariantCulture))
        {
            Message.Format(logEvent, message);
            JsonValueFormatter.WriteQuotedJsonString(message.ToString(), output);
        }

        Write(output, "generation", logEvent.Properties.GetValueOrDefault(Generation));
        Write(output, "pid", logEvent.Properties.GetValueOrDefault(Pid));
        Write(output, "source", logEvent.Properties.GetValueOrDefault(Source));
        Write(output, "eventId", (logEvent.Properties.GetValueOrDefault(EventId) as StructureValue)?.Properties.FirstOrDefault(property => property.Name == "Id")?.Value);
        if (logEvent.Exception is { } exception)
        {
            output.Write(",\"exception\":");
            JsonValueFormatter.WriteQuotedJsonString(exception.ToString(), output);
        }

        WriteProperties(logEvent, output);
        output.Write("}\n");
    }

    private static void WriteProperties(LogEvent logEvent, TextWriter output)
    {
        var before = ",\"properties\":{";
        foreach (var (name, value) in logEvent.Properties.Where(property => !Known.Contains(property.Key)))
        {
            output.Write(before);
            JsonValueFormatter.WriteQuotedJsonString(name, output);
            output.Write(':');
            Values.Format(value, output);
            before = ",";
        }

        if (before == ",")
            output.Write('}');
    }

    private static void Write(TextWriter output, string name, LogEventPropertyValue? value)
    {
        if (value is null)
            return;
        output.Write($",\"{name}\":");
        Values.Format(value, output);
    }
}
