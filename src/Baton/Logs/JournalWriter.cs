using System.Globalization;
using System.Text;

namespace Baton.Logs;

/// <summary>Puts the priority before each line of a text, as the journal reads it: <c>&lt;4&gt;</c>; sd-daemon(3).</summary>
/// <param name="inner">Where to.</param>
/// <param name="priority">Of the text that is written now; null for none.</param>
internal sealed class JournalWriter(TextWriter inner, Func<int?> priority) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(value);

    public override void Write(string? value) => inner.Write(Marked(value));

    public override void WriteLine(string? value) => inner.WriteLine(Marked(value));

    public override void Flush() => inner.Flush();

    private string? Marked(string? text)
    {
        if (string.IsNullOrEmpty(text) || priority() is not { } number)
            return text;
        var mark = string.Create(CultureInfo.InvariantCulture, $"<{number}>");
        // An exception has many lines; the last newline ends the text and begins none.
        return mark + text[..^1].Replace("\n", "\n" + mark, StringComparison.Ordinal) + text[^1];
    }
}
