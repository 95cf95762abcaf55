using Baton.Logs;
using Serilog.Events;
using Xunit;

namespace Baton.Tests.Logs;

public sealed class JournalWriterTests
{
    [Theory]
    [InlineData("one line\n", "<3>one line\n")]
    [InlineData("an exception\n   at a\n   at b\n", "<3>an exception\n<3>   at a\n<3>   at b\n")]
    [InlineData("no newline", "<3>no newline")]
    [InlineData("\n", "<3>\n")]
    [InlineData("", "")]
    public void Every_line_has_the_priority(string text, string expected) => Assert.Equal(expected, Written(text, 3));

    [Fact]
    public void What_is_no_event_has_none() => Assert.Equal("text\n", Written("text\n", null));

    [Theory]
    [InlineData(LogEventLevel.Fatal, 2)]
    [InlineData(LogEventLevel.Error, 3)]
    [InlineData(LogEventLevel.Warning, 4)]
    [InlineData(LogEventLevel.Information, 6)]
    [InlineData(LogEventLevel.Debug, 7)]
    [InlineData(LogEventLevel.Verbose, 7)]
    public void A_level_is_a_priority_of_syslog(LogEventLevel level, int priority) => Assert.Equal(priority, Journal.PriorityOf(level));

    private static string Written(string text, int? priority)
    {
        using var inner = new StringWriter();
        using var writer = new JournalWriter(inner, () => priority);
        writer.Write(text);
        return inner.ToString();
    }
}
