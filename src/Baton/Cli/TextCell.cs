using System.Globalization;

namespace Baton.Cli;

/// <summary>A text in a table.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="Style">How.</param>
internal readonly record struct TextCell(string Text, TextStyle Style = TextStyle.Plain)
{
    private const char Unprintable = '?';

    /// <summary>Names come from configuration files: what they hold must not steer the terminal.</summary>
    public string Printable => Text.Any(char.IsControl) ? string.Concat(Text.Select(one => char.IsControl(one) ? Unprintable : one)) : Text;

    public static implicit operator TextCell(string text) => new(text);

    public static implicit operator TextCell(int number) => new(number.ToString(CultureInfo.InvariantCulture));
}
