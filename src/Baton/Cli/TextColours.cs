using Baton.Configuration;

namespace Baton.Cli;

/// <summary>Colours a text where that is wanted: on a terminal, unless the environment has NO_COLOR; no-color.org.</summary>
/// <param name="isOn">Whether texts get their colour.</param>
internal sealed class TextColours(bool isOn)
{
    // "select graphic rendition"; ECMA-48, 8.3.117.
    private const string Reset = "\u001b[0m";

    /// <summary>As standard output shows them.</summary>
    public static TextColours OfOutput() =>
        new(!Console.IsOutputRedirected && ProcessEnvironment.Get("NO_COLOR") is null or "" && ProcessEnvironment.Get("TERM") != "dumb");

    public string Apply(TextStyle style, string text) => isOn && text.Length > 0 && Start(style) is { } start ? $"{start}{text}{Reset}" : text;

    private static string? Start(TextStyle style) => style switch
    {
        TextStyle.Heading => "\u001b[1m",
        TextStyle.Good => "\u001b[32m",
        TextStyle.Attention => "\u001b[33m",
        TextStyle.Bad => "\u001b[31m",
        TextStyle.Faint => "\u001b[2m",
        _ => null,
    };
}
