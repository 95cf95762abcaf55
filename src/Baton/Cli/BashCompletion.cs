using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;

namespace Baton.Cli;

/// <summary>Makes the script by which bash completes verbs, options and their values, from the same tree that parses them.</summary>
internal static class BashCompletion
{
    // By the names that they have in the help.
    private static readonly string[] Files = ["FILE", "PATH"];

    public static string ScriptFor(RootCommand root) =>
        $$"""
        # Completion of baton {{ProgramVersion.Text}} for bash; made by: baton completion bash
        _baton() {
          local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb='' word words=''
          COMPREPLY=()
          # bash takes "--until=proven" for three words.
          if [ "$current" = '=' ]; then
            current=''
          elif [ "$previous" = '=' ] && [ "$COMP_CWORD" -ge 3 ]; then
            previous=${COMP_WORDS[COMP_CWORD - 2]}
          fi
          for word in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
            case $word in
              {{string.Join('|', root.Subcommands.Select(verb => verb.Name))}})
                verb=$word
                break
                ;;
            esac
          done
          case "$verb $previous" in
        {{Values(root)}}  esac
          case $verb in
        {{Words(root)}}  esac
          mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        }
        complete -F _baton baton

        """.ReplaceLineEndings("\n");

    private static string Values(RootCommand root)
    {
        var options =
            from entry in Verbs(root)
            from option in OptionsOf(entry.Command, root)
            where option.ValueType != typeof(bool) && option.Action is null
            group $"'{entry.Verb} {option.Name}'" by Reply(option);
        var cases = new StringBuilder();
        foreach (var reply in options)
            cases.Append($"    {string.Join(" | ", reply)})\n      {reply.Key}\n      return\n      ;;\n");
        return cases.ToString();
    }

    private static string Reply(Option option)
    {
        if (Labels(option) is { Length: > 0 } values)
            return $"mapfile -t COMPREPLY < <(compgen -W '{values}' -- \"$current\")";
        return Files.Contains(option.HelpName)
            ? "compopt -o filenames 2> /dev/null\n      mapfile -t COMPREPLY < <(compgen -f -- \"$current\")"
            : ": # Nothing to offer.";
    }

    private static string Words(RootCommand root)
    {
        var cases = new StringBuilder();
        foreach (var (verb, command) in Verbs(root))
        {
            var words = command.Subcommands.Select(one => one.Name)
                .Concat(command.Arguments.Select(Labels))
                .Concat(OptionsOf(command, root).Select(option => option.Name));
            cases.Append($"    '{verb}') words='{string.Join(' ', words)}' ;;\n");
        }

        return cases.ToString();
    }

    private static IEnumerable<(string Verb, Command Command)> Verbs(RootCommand root) =>
        root.Subcommands.Select(command => (command.Name, command)).Prepend(("", root));

    private static IEnumerable<Option> OptionsOf(Command command, RootCommand root) =>
        command == root ? root.Options : command.Options.Concat(root.Options.Where(option => option.Recursive));

    private static string Labels(Symbol symbol) => string.Join(' ', symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label));
}
