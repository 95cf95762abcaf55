using Baton.Admin;
using Baton.Handover;

namespace Baton.Cli;

/// <summary>Asks for a rehearsal of an upgrade, and shows its steps until its report has come.</summary>
internal sealed class RehearsalFollower(AdminClient admin, ProgressOutput output, TimeProvider clock)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <param name="cancellationToken">Ends the watching, not the rehearsal.</param>
    /// <exception cref="AdminException">It was refused, or the daemon knows no rehearsals.</exception>
    /// <exception cref="HttpRequestException">The daemon answers no more.</exception>
    public async Task<UpgradeReport> FollowAsync(CancellationToken cancellationToken)
    {
        var before = await admin.StatusAsync(cancellationToken);
        if (before.IsRehearsing is null)
            throw new AdminException($"baton: generation {before.Generation} (pid {before.Pid}, version {before.Version}) knows no rehearsals: it would upgrade. Nothing was asked of it.");
        output.Step(UpgradeText.Asked(before));
        var rehearsal = admin.RehearseAsync(cancellationToken);
        while (await Task.WhenAny(rehearsal, Task.Delay(LookInterval, clock, cancellationToken)) != rehearsal)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await LookAsync(cancellationToken) is { IsRehearsing: true } now)
                output.Step(UpgradeText.Before(now));
        }

        return await rehearsal;
    }

    private async Task<StatusDocument?> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await admin.StatusAsync(cancellationToken);
        }
        catch (HttpRequestException)
        {
            return null; // It says what it has to say in its answer.
        }
    }
}
