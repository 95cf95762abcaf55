using System.Text.Json.Nodes;
using Baton.Logs;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Xunit;

namespace Baton.Tests.Logs;

public sealed class JsonLineTests
{
    [Fact]
    public void An_event_is_one_line_with_all_that_it_says()
    {
        var text = Written(log => log.ForContext("SourceContext", "Of.Tests").Error(new InvalidOperationException("two\nlines"), "It \"failed\" {Count} times in {Name}", 3, "a\tb"));
        Assert.Equal(1, text.Count(character => character == '\n'));

        var line = JsonNode.Parse(text)!;
        Assert.Equal(("Error", "It \"failed\" 3 times in a\tb", "Of.Tests"), ((string?)line["level"], (string?)line["message"], (string?)line["source"]));
        Assert.Equal((2, 77), ((int)line["generation"]!, (int)line["pid"]!));
        Assert.StartsWith("System.InvalidOperationException: two\nlines", (string?)line["exception"], StringComparison.Ordinal);
        Assert.Equal("""{"Count":3,"Name":"a\tb"}""", line["properties"]!.ToJsonString());
    }

    [Fact]
    public void What_an_event_does_not_say_is_not_there() =>
        Assert.Equal(["time", "level", "message", "generation", "pid"], JsonNode.Parse(Written(log => log.Information("Text")))!.AsObject().Select(property => property.Key));

    private static string Written(Action<ILogger> write)
    {
        using var output = new StringWriter();
        using var log = new LoggerConfiguration().Enrich.WithProperty(JsonLine.Generation, 2).Enrich.WithProperty(JsonLine.Pid, 77).WriteTo.Sink(new Sink(output)).CreateLogger();
        write(log);
        return output.ToString();
    }

    private sealed class Sink(TextWriter output) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => new JsonLine().Format(logEvent, output);
    }
}
