using System.Globalization;
using System.Text;

namespace Baton.AccessLog;

/// <summary>Takes a template apart: <c>{field}</c> between text; <c>{{</c> and <c>}}</c> are braces.</summary>
internal static class LogTemplate
{
    /// <summary>Each field with the text before it; at the end the rest, without a field.</summary>
    /// <exception cref="FormatException">A brace has no counterpart; the message is the rest of a sentence.</exception>
    public static IReadOnlyList<(string Text, string? Field)> Split(string template)
    {
        var parts = new List<(string, string?)>();
        var text = new StringBuilder();
        for (var at = 0; at < template.Length; at++)
        {
            var character = template[at];
            if (character is '{' or '}' && at + 1 < template.Length && template[at + 1] == character)
                text.Append(template[at++]);
            else if (character == '}')
                throw Unmatched(at, '}');
            else if (character != '{')
                text.Append(character);
            else
            {
                var end = template.IndexOf('}', at);
                if (end < 0)
                    throw Unmatched(at, '{');
                parts.Add((text.ToString(), template[(at + 1)..end]));
                text.Clear();
                at = end;
            }
        }

        parts.Add((text.ToString(), null));
        return parts;
    }

    private static FormatException Unmatched(int at, char brace) =>
        new(string.Create(CultureInfo.InvariantCulture, $"has a '{brace}' at character {at + 1} without its counterpart. Write {brace}{brace} for a brace."));
}
