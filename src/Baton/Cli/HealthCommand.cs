using System.CommandLine;
using Baton.Admin;

namespace Baton.Cli;

/// <summary><c>baton health</c>, for HEALTHCHECK and exec probes: is the daemon alive, or ready for traffic?</summary>
internal static class HealthCommand
{
    private const int LongestTimeout = 300;

    public static Command Create()
    {
        var config = DaemonOptions.Config();
        var socket = DaemonOptions.Socket();
        var ready = new Option<bool>("--ready")
        {
            Description = "Asks whether it is to get traffic, not only whether it lives: so all through an upgrade, and not from SIGTERM on.",
        };
        var timeout = DaemonOptions.Timeout("How long to wait for the answer.", seconds: 5, LongestTimeout);

        var command = new Verb("health", """
            Asks a running daemon over its admin socket whether it is alive.

            Exit code: 0 yes; 1 no, or no answer; 2 wrong usage.

            Example:
              baton health --ready --timeout 2
            """)
        {
            config, socket, ready, timeout,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var daemon = DaemonOptions.Target(parsed, config, socket, timeout);
            var path = parsed.GetValue(ready) ? "/readyz" : "/healthz";
            return daemon.AskAsync(
                async deadline =>
                {
                    var text = daemon.Socket is { } at
                        ? await AdminSearch.AskHealthAtAsync(at, path, deadline)
                        : await AdminSearch.AskHealthAsync(DaemonOptions.ConfigurationPath(daemon.Config), path, deadline);
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(text);
                    return 0;
                },
                parsed.InvocationConfiguration,
                cancellationToken);
        });
        return command;
    }
}
