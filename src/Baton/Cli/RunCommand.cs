using System.CommandLine;
using Baton.Init;

namespace Baton.Cli;

/// <summary><c>baton run</c>: serves in the foreground.</summary>
internal static class RunCommand
{
    private const string Name = "run";

    public static Command Create(Func<RunArguments, Task> serve)
    {
        var command = new Verb(Name, """
            Serves in the foreground until SIGTERM or SIGINT.

            Exit code: 0 it was asked to end and has finished what was in flight; 1 it could not start, with every reason;
            2 wrong usage; 128 + n a signal n has ended it at once.

            Example:
              baton run --config config/baton.json --set Baton:DrainTimeout=00:01:00
            """);
        AddTo(command, serve);
        return command;
    }

    /// <summary>Whether what was typed is to serve.</summary>
    public static bool IsServing(ParseResult parsed) => parsed.CommandResult.Command is RootCommand or { Name: Name };

    /// <summary>Makes a command, this one or the root, serve.</summary>
    public static void AddTo(Command command, Func<RunArguments, Task> serve)
    {
        var (config, set) = AddSourcesTo(command);
        command.Options.Add(new Option<bool>(Front.Option)
        {
            Description = "Stays in front as a small constant process while generations come and go. It does so by itself as PID 1 and at a terminal.",
        });
        command.SetAction(async parsed =>
        {
            await serve(new RunArguments(parsed.GetValue(config), parsed.GetValue(set) ?? []));
            return 0;
        });
    }

    /// <summary>Adds the options that say what the configuration is.</summary>
    public static (Option<string?> Config, Option<string[]> Set) AddSourcesTo(Command command)
    {
        var config = new Option<string?>("--config")
        {
            Description = "The configuration; without it config/baton.json, or else /etc/baton/baton.json.",
            HelpName = "FILE",
        };
        var set = new Option<string[]>("--set")
        {
            Description = "Overrides one value of the configuration; may be repeated.",
            HelpName = "Section:Key=value",
            DefaultValueFactory = _ => [],
        };
        command.Options.Add(config);
        command.Options.Add(set);
        return (config, set);
    }
}
