using Baton.Admin;
using Baton.Canary.Clients;
using Baton.Handover;

namespace Baton.Cli;

/// <summary><c>baton upgrade</c>: what it does.</summary>
internal sealed class UpgradeRun(UpgradeArguments arguments, TextWriter output, TextWriter errors, TimeProvider clock)
{
    private readonly ProgressOutput _progress = new(output, isTerminal: !Console.IsOutputRedirected, clock)
    {
        Width = Console.IsOutputRedirected ? int.MaxValue : Console.WindowWidth - 1,
    };

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(arguments.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var admin = await new DaemonTarget(arguments.Config, arguments.Socket, AdminClient.Patience).FindAsync(either.Token);
            if (arguments.IsDryRun)
                return await RehearseAsync(admin, either.Token);
            return arguments.IsVerified ? await VerifyAsync(admin, either.Token) : await UpgradeAsync(admin, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            _progress.End();
            await errors.WriteLineAsync($"baton: the {(arguments.IsDryRun ? "rehearsal" : "upgrade")} was not over after {arguments.Timeout.TotalSeconds} s. It goes on; the log will have its report.");
            return CommandLine.TimedOut;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _progress.End();
            await errors.WriteLineAsync("baton: no longer watching. An upgrade that was asked for goes on; the log will have its report.");
            return CommandLine.Interrupted;
        }
        catch (Exception e) when (e is AdminException or HttpRequestException)
        {
            _progress.End();
            foreach (var line in DaemonTarget.LinesOf(e))
                await errors.WriteLineAsync(line);
            return CommandLine.Failure;
        }
    }

    private async Task<int> UpgradeAsync(AdminClient admin, CancellationToken cancellationToken)
    {
        var before = await admin.UpgradeAsync(cancellationToken);
        if (!arguments.IsWaiting)
        {
            _progress.Line(UpgradeText.Asked(before));
            return 0;
        }

        if (await Follower(admin).FollowAsync(before, arguments.UntilProven, cancellationToken) is { } report)
            return await TellAsync(report);
        return 0;
    }

    private async Task<int> RehearseAsync(AdminClient admin, CancellationToken cancellationToken)
    {
        var report = await new RehearsalFollower(admin, _progress, clock).FollowAsync(cancellationToken);
        foreach (var line in RehearsalText.Of(report))
            _progress.Line(line);
        await TellAsync(report.Reasons);
        return report.Outcome == UpgradeOutcome.Rehearsed ? 0 : CommandLine.Failure;
    }

    private async Task<int> VerifyAsync(AdminClient admin, CancellationToken cancellationToken)
    {
        var listeners = (await admin.StatusAsync(cancellationToken)).Listeners;
        await using var verification = new Verification(await admin.CanaryTokenAsync(cancellationToken), clock);
        await verification.StartAsync(listeners, cancellationToken);
        verification.Skipped.ForEach(_progress.Line);
        if (verification.Failures is { Count: > 0 } early)
        {
            await TellAsync(["baton: nothing was upgraded, since the canaries did not fly before it:", .. early]);
            return CommandLine.Failure;
        }

        _progress.Line($"verifying: {verification.Summary}");
        var report = (await Follower(admin).FollowAsync(await admin.UpgradeAsync(cancellationToken), untilProven: false, cancellationToken))!;
        await verification.EndAsync(report.Outcome == UpgradeOutcome.Completed ? report.To : null, cancellationToken);
        var code = await TellAsync(report);
        if (verification.Failures is { Count: > 0 } failures)
        {
            await TellAsync(["baton: canaries broke during the upgrade:", .. failures]);
            return CommandLine.Failure;
        }

        _progress.Line($"verified: {verification.Summary}, {verification.Answers} answers, none was lost or wrong");
        return code;
    }

    private UpgradeFollower Follower(AdminClient admin) => new(admin, _progress, clock);

    private async Task<int> TellAsync(UpgradeReport report)
    {
        _progress.Line(UpgradeText.Of(report));
        await TellAsync(report.Reasons);
        return report.Outcome == UpgradeOutcome.Completed ? 0 : CommandLine.Failure;
    }

    private async Task TellAsync(IReadOnlyList<string> lines)
    {
        _progress.End();
        foreach (var line in lines)
            await errors.WriteLineAsync(line);
    }
}
