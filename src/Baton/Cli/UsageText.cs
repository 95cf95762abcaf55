using System.CommandLine;
using System.CommandLine.Parsing;
using Baton.Configuration;

namespace Baton.Cli;

/// <summary>Says what is wrong with what was typed, and what was probably meant.</summary>
internal static class UsageText
{
    public static IEnumerable<string> LinesOf(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = string.Join(' ', Path(parsed.CommandResult));

        // What follows the first is often only its value.
        var unknown = parsed.UnmatchedTokens.Where((token, index) => index == 0 || IsOption(token)).ToList();
        foreach (var token in unknown)
        {
            IReadOnlyList<string> known = IsOption(token) ? [.. OptionsOf(parsed.CommandResult)] : [.. command.Subcommands.Select(verb => verb.Name)];
            yield return known.Count == 0
                ? $"'{path}' takes no '{token}'."
                : $"'{token}' is no {(IsOption(token) ? "option" : "verb")} of '{path}'.{NearestName.Hint(token, known)}";
        }

        // The library has a line for each of them, too.
        foreach (var error in parsed.Errors.Where(error => !parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal))))
            yield return error.Message;
        yield return $"{path} --help {(command.Subcommands.Count > 0 ? "lists the verbs and options" : "lists the options")}.";
    }

    private static bool IsOption(string token) => token.StartsWith('-');

    private static IEnumerable<string> OptionsOf(CommandResult result) =>
        result.Command.Options.Concat((result.Parent as CommandResult)?.Command.Options.Where(option => option.Recursive) ?? []).Select(option => option.Name);

    private static IEnumerable<string> Path(CommandResult result) =>
        (result.Parent is CommandResult parent ? Path(parent) : []).Append(result.Command is RootCommand ? "baton" : result.Command.Name);
}
