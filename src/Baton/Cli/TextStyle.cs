namespace Baton.Cli;

/// <summary>What a piece of text means, for whoever can show colours.</summary>
internal enum TextStyle
{
    Plain,
    Heading,
    Good,
    Attention,
    Bad,
    Faint,
}
