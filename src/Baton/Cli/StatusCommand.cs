using System.CommandLine;

namespace Baton.Cli;

/// <summary><c>baton status</c>: what may be typed.</summary>
internal static class StatusCommand
{
    private const int LongestTimeout = 300;

    public static Command Create()
    {
        var config = DaemonOptions.Config();
        var socket = DaemonOptions.Socket();
        var timeout = DaemonOptions.Timeout("How long to wait for the answer.", seconds: 5, LongestTimeout);
        var watch = new Option<bool>("--watch") { Description = "Shows it again every second until Ctrl-C." };
        var json = new Option<bool>("--json") { Description = "Prints the document as the daemon gave it." };

        var command = new Verb("status", """
            Shows what a running daemon does.

            That is: its generations and what they have open, what an old one still waits for, listeners, destinations and why they
            get requests or not, certificates, and the last upgrades.

            Exit code: 0 it has answered; 1 no daemon answers; 2 wrong usage.

            Example:
              baton status --config /etc/baton/baton.json
              baton status --watch
              baton status --json | jq .generations
            """)
        {
            watch, json, config, socket, timeout,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var daemon = DaemonOptions.Target(parsed, config, socket, timeout);
            return new StatusRun(daemon, parsed.GetValue(json), parsed.InvocationConfiguration, TimeProvider.System)
                .RunAsync(parsed.GetValue(watch), cancellationToken);
        });
        return command;
    }
}
