using System.CommandLine;

namespace Baton.Cli;

/// <summary>A verb, with more to say in its own help than in the list of verbs.</summary>
/// <param name="name">What is typed.</param>
/// <param name="text">What it does; below an empty line what else its help says: exit codes, examples.</param>
internal sealed class Verb(string name, string text) : Command(name, Split(text).Description)
{
    public string Details { get; } = Split(text).Details;

    private static (string Description, string Details) Split(string text) =>
        text.ReplaceLineEndings("\n").Split("\n\n", 2) is [var description, var details] ? (description, details) : (text, "");
}
