using System.Text;

namespace Baton.Cli;

/// <summary>
/// The whole terminal, shown anew again and again without flicker: what is there is written over in one write, never cleared
/// first. Its own page is left as it was.
/// </summary>
internal sealed class Screen : IDisposable
{
    // xterm's private modes 1049, the alternate page, and 25, the cursor; CUP, EL and ED of ECMA-48, 8.3.
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";
    private const string Home = "\u001b[H";
    private const string EraseRestOfLine = "\u001b[K";
    private const string EraseBelow = "\u001b[J";
    private const char Escape = '\u001b';
    private const string Reset = "\u001b[0m";

    private readonly TextWriter _output;

    public Screen(TextWriter output)
    {
        _output = output;
        output.Write(Enter);
    }

    /// <param name="lines">What to show; what does not fit is left out.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Rows of the terminal.</param>
    public void Show(IReadOnlyList<string> lines, int width, int height)
    {
        var shown = lines.SelectMany(line => line.Split('\n')).Take(height).Select(line => Clipped(line, width));
        _output.Write($"{Home}{string.Join("\r\n", shown)}{EraseBelow}");
    }

    public void Dispose() => _output.Write(Leave);

    // Colours take no room. A line that fills its row has no rest: to erase it would take the last character away.
    private static string Clipped(string line, int width)
    {
        var text = new StringBuilder();
        var room = width;
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == Escape && line.IndexOf('m', at) is > 0 and var end)
            {
                text.Append(line, at, end - at + 1);
                at = end;
            }
            else if (room-- > 0)
            {
                text.Append(line[at]);
            }
            else
            {
                return text.Append(Reset).ToString();
            }
        }

        return text.Append(room > 0 ? EraseRestOfLine : "").ToString();
    }
}
