using System.CommandLine;

namespace Baton.Cli;

/// <summary><c>baton check</c>: is the configuration one that this program would serve with?</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Prints what was found as a JSON array of severity, file, line, column, path and message." };
        var command = new Verb("check", """
            Lists everything that is wrong with the configuration, and with the certificates, listeners and files it names.

            It reads and validates the configuration as 'baton run' does, and looks further: whether certificates can be used, belong
            to their keys, are in time and name the hosts they are for; whether listeners can be bound, or are the running
            daemon's already; whether log files can be written. It serves and writes nothing, and needs no running daemon.
            Run it as the user of the daemon, or as root.

            Exit code: 0 valid; 1 not valid, with every error; 2 wrong usage. Warnings do not count.

            Example:
              baton check --config /etc/baton/baton.json
              baton check --json | jq -r '.[] | select(.severity == "error") | .message'
            """)
        {
            json,
        };
        var (config, set) = RunCommand.AddSourcesTo(command);
        command.SetAction((parsed, cancellationToken) => new CheckRun(
            new RunArguments(parsed.GetValue(config), parsed.GetValue(set) ?? []),
            parsed.GetValue(json),
            parsed.InvocationConfiguration,
            TimeProvider.System).RunAsync(cancellationToken));
        return command;
    }
}
