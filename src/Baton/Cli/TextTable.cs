namespace Baton.Cli;

/// <summary>Rows below a heading, in columns as wide as what stands in them; the last column is broken into lines where it must be.</summary>
/// <param name="headings">One a column; a leading "&gt;" aligns the column at its right edge, as numbers are.</param>
internal sealed class TextTable(params string[] headings)
{
    private const string Gap = "  ";
    private const char RightAligned = '>';

    // A column that is broken more narrowly than that is harder to read than one that runs over the edge.
    private const int NarrowestLast = 16;

    private readonly List<TextCell[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params TextCell[] cells) => _rows.Add(cells);

    /// <param name="colours">How cells are shown.</param>
    /// <param name="width">Columns of the terminal; null where lines may be of any length.</param>
    public IEnumerable<string> Lines(TextColours colours, int? width)
    {
        TextCell[] heading = [.. headings.Select(text => new TextCell(text.TrimStart(RightAligned), TextStyle.Heading))];
        var widths = headings.Select((_, column) => _rows.Append(heading).Max(row => row[column].Printable.Length)).ToArray();
        var indent = widths.SkipLast(1).Sum(column => column + Gap.Length);
        if (width - indent is { } room && room >= NarrowestLast)
            widths[^1] = Math.Min(widths[^1], room);
        return _rows.Prepend(heading).SelectMany(row => LinesOf(row, widths, indent, colours));
    }

    private IEnumerable<string> LinesOf(TextCell[] row, int[] widths, int indent, TextColours colours)
    {
        var last = Broken(row[^1].Printable, widths[^1]).ToList();
        var first = row.SkipLast(1).Select((cell, column) => Cell(column, cell.Printable, cell.Style) + Gap);
        yield return $"{string.Concat(first)}{Cell(widths.Length - 1, last[0], row[^1].Style)}".TrimEnd();
        foreach (var part in last.Skip(1))
            yield return $"{new string(' ', indent)}{colours.Apply(row[^1].Style, part)}";

        string Cell(int column, string text, TextStyle style)
        {
            var padding = new string(' ', widths[column] - text.Length);
            var shown = colours.Apply(style, text);
            return headings[column].StartsWith(RightAligned) ? padding + shown : shown + padding;
        }
    }

    // At spaces where there are any.
    private static IEnumerable<string> Broken(string text, int width)
    {
        while (text.Length > width)
        {
            var space = text.LastIndexOf(' ', width);
            var end = space > 0 ? space : width;
            yield return text[..end];
            text = text[end..].TrimStart();
        }

        yield return text;
    }
}
