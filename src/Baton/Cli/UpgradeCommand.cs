using System.CommandLine;
using Baton.Canary;

namespace Baton.Cli;

/// <summary><c>baton upgrade</c>: what may be typed.</summary>
internal static class UpgradeCommand
{
    // So that the token of the canaries outlives them.
    private static readonly TimeSpan LongestTimeout = CanaryTokens.Life - TimeSpan.FromMinutes(1);

    private const string Proven = "proven";
    private const string Drained = "drained";

    public static Command Create()
    {
        var config = DaemonOptions.Config();
        var socket = DaemonOptions.Socket();
        var noWait = new Option<bool>("--no-wait") { Description = "Asks for the upgrade and does not wait for its end." };
        var timeout = DaemonOptions.Timeout("How long to wait for the end; the upgrade goes on after it.", seconds: 300, LongestTimeout.TotalSeconds);
        var until = new Option<string>("--until")
        {
            Description = "What to wait for: proven, when the new generation is past its probation, or drained, when the old one has finished and is gone.",
            HelpName = "proven|drained",
            DefaultValueFactory = _ => Drained,
        };
        until.AcceptOnlyFromAmong(Proven, Drained);
        var verify = new Option<bool>("--verify")
        {
            Description = "Drives keep-alive requests, uploads, WebSockets and HTTP/2 through every listener meanwhile, and fails if one breaks.",
        };

        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Rehearses it: starts the new generation with everything but the takeover, says what it would do and how much memory it took, and ends it.",
        };

        var command = new Verb("upgrade", """
            Replaces a running daemon by the program and configuration that are installed now, and waits for the report.

            Exit code:
              0    completed; with --no-wait: asked for; with --until proven: the new generation is past its probation; with
                   --dry-run: it would work
              1    failed or rolled back, with the successor's own reasons; no daemon answers; the old generation died before
                   it had handed over; a canary broke
              2    wrong usage
              3    not over when the time of --timeout was; it goes on
              130  interrupted with Ctrl-C; it goes on

            Example:
              baton upgrade
              baton upgrade --config /etc/baton/baton.json --dry-run
              baton upgrade --config /etc/baton/baton.json --verify
            """)
        {
            config, socket, noWait, timeout, until, verify, dryRun,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(noWait) && result.GetValue(verify))
                result.AddError("--verify has to see the end of the upgrade, so it does not go with --no-wait.");
            var isUntilProven = result.GetResult(until)?.Tokens is [{ Value: Proven }]; // By its text: the value of one that is not valid throws.
            if (isUntilProven && (result.GetValue(noWait) || result.GetValue(verify)))
                result.AddError("--until proven goes with neither --no-wait nor --verify.");
            if (result.GetValue(dryRun) && (result.GetValue(noWait) || result.GetValue(verify) || isUntilProven))
                result.AddError("--dry-run changes nothing, so it goes with neither --no-wait nor --verify nor --until proven.");
        });
        command.SetAction((parsed, cancellationToken) => new UpgradeRun(
            new UpgradeArguments(
                parsed.GetValue(config),
                parsed.GetValue(socket),
                !parsed.GetValue(noWait),
                TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                parsed.GetValue(until) == Proven,
                parsed.GetValue(verify),
                parsed.GetValue(dryRun)),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            TimeProvider.System).RunAsync(cancellationToken));
        return command;
    }
}
