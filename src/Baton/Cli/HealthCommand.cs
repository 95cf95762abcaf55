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

        var command = new Command("health", """
            Asks a running daemon over its admin socket whether it is alive.

            Exit code: 0 yes; 1 no, or no answer; 2 wrong usage.

            Example:
              baton health --ready --timeout 2
            """)
        {
            config, socket, ready, timeout,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var patience = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            deadline.CancelAfter(patience);
            var path = parsed.GetValue(ready) ? "/readyz" : "/healthz";
            try
            {
                var text = parsed.GetValue(socket) is { } at
                    ? await AdminSearch.AskHealthAtAsync(at, path, deadline.Token)
                    : await AdminSearch.AskHealthAsync(DaemonOptions.ConfigurationPath(parsed.GetValue(config)), path, deadline.Token);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(text);
                return 0;
            }
            catch (AdminException e)
            {
                foreach (var line in e.Lines)
                    await parsed.InvocationConfiguration.Error.WriteLineAsync(line);
                return CommandLine.Failure;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"baton: the daemon has not answered within {patience.TotalSeconds} s.");
                return CommandLine.Failure;
            }
        });
        return command;
    }
}
