using System.CommandLine;

namespace Baton.Cli;

/// <summary><c>baton drain</c>: takes the daemon out of the load balancer in front, and with <c>--undo</c> back in.</summary>
internal static class DrainCommand
{
    private const int LongestTimeout = 300;

    public static Command Create()
    {
        var config = DaemonOptions.Config();
        var socket = DaemonOptions.Socket();
        var timeout = DaemonOptions.Timeout("How long to wait for the answer.", seconds: 5, LongestTimeout);
        var undo = new Option<bool>("--undo") { Description = "Makes it ready again." };

        var command = new Verb("drain", """
            Takes a running daemon out of the load balancer in front, or back in.

            It says that it is not ready (/readyz, 'baton health --ready'), so that a load balancer in front sends no new clients.
            It goes on accepting and serving. Asking twice changes nothing.

            Exit code: 0 done; 1 no daemon answers; 2 wrong usage.

            Example:
              baton drain --config /etc/baton/baton.json
              baton drain --undo
            """)
        {
            undo, config, socket, timeout,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var daemon = DaemonOptions.Target(parsed, config, socket, timeout);
            return daemon.AskAsync(
                async deadline =>
                {
                    using var admin = await daemon.FindAsync(deadline);
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(DrainText.Of(await admin.DrainAsync(parsed.GetValue(undo), deadline)));
                    return 0;
                },
                parsed.InvocationConfiguration,
                cancellationToken);
        });
        return command;
    }
}
