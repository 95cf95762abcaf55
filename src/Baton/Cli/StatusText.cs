using System.Globalization;
using Baton.Admin;
using Baton.Handover;

namespace Baton.Cli;

/// <summary>A status in words and tables, for people.</summary>
/// <param name="colours">How what is well and what is not stands out.</param>
/// <param name="width">Columns of the terminal; null where lines may be of any length.</param>
internal sealed class StatusText(TextColours colours, int? width)
{
    private const string Unknown = "-";
    private const int FewDays = 14;

    /// <param name="status">What is so.</param>
    /// <param name="now">The time, for ages.</param>
    public IReadOnlyList<string> Lines(StatusDocument status, DateTimeOffset now)
    {
        TextTable[] tables = [Generations(status, now), Pending(status), Listeners(status), Clusters(status), Certificates(status), Upgrades(status)];
        return
        [
            .. Summary(status),
            .. tables.Where(table => table.Count > 0).SelectMany(table => table.Lines(colours, width).Prepend("")),
        ];
    }

    private IEnumerable<string> Summary(StatusDocument status)
    {
        yield return Invariant($"baton {status.Version}: generation {status.Generation} (pid {status.Pid}) runs with {status.Configuration}");
        if (status.IsDraining)
            yield return colours.Apply(TextStyle.Attention, DrainText.IsDraining);
        if (status.Traffic is { } traffic)
            yield return Invariant($"answered since generation 1: {traffic.Answered} requests, {traffic.Answered5xx} of them with 5xx; {traffic.UpstreamFailures} failed at a destination");
    }

    private static TextTable Generations(StatusDocument status, DateTimeOffset now)
    {
        var table = new TextTable(">GEN", ">PID", "VERSION", ">AGE", "PHASE", ">NEW", ">IDLE", ">BUSY", ">H2", ">TUNNELS", ">REQUESTS");

        // A daemon of an earlier version tells of itself alone.
        IReadOnlyList<GenerationDocument> generations = status.Generations is { Count: > 0 } told
            ? told
            : [new GenerationDocument { Number = status.Generation, Pid = status.Pid, Version = status.Version, StartedAt = status.StartedAt, Phase = status.Phase }];
        foreach (var one in generations)
        {
            TextCell[] open = one.Open is { } work
                ? [work.New, work.Idle, work.Busy, work.Http2, work.Tunnels, work.Requests]
                : [.. Enumerable.Repeat<TextCell>(Unknown, 6)];
            table.Add([one.Number, one.Pid, one.Version, one.StartedAt is { } start ? TimeText.Age(now - start) : Unknown, Phase(one.Phase), .. open]);
        }

        return table;
    }

    private static TextCell Phase(HandoverPhase phase) => new(phase.ToString().ToLowerInvariant(), phase switch
    {
        HandoverPhase.Serving => TextStyle.Good,
        HandoverPhase.Stopping or HandoverPhase.Exiting => TextStyle.Faint,
        _ => TextStyle.Attention,
    });

    private static TextTable Pending(StatusDocument status)
    {
        var table = new TextTable(">GEN", "WAITS FOR", ">OLDEST", "OF ROUTE");
        foreach (var one in status.Generations)
        {
            foreach (var work in one.WaitsFor)
                table.Add(one.Number, Invariant($"{work.Count} {work.Kind}{(work.Count == 1 ? "" : "s")}"), TimeText.Age(work.Oldest), work.Route);
        }

        return table;
    }

    private static TextTable Listeners(StatusDocument status)
    {
        var table = new TextTable("LISTENER");
        foreach (var listener in status.Listeners)
            table.Add(listener);
        return table;
    }

    private static TextTable Clusters(StatusDocument status)
    {
        var table = new TextTable("DESTINATION", "ADDRESS", "STATE", ">REQUESTS", "WHY");
        foreach (var cluster in status.Clusters)
        {
            foreach (var one in cluster.Destinations)
                table.Add($"{cluster.Id}/{one.Id}", one.Address, one.IsAvailable ? new("up", TextStyle.Good) : new("down", TextStyle.Bad), one.Requests, one.Why);
            if (cluster.Destinations.Count == 0)
                table.Add(cluster.Id, Unknown, new("down", TextStyle.Bad), Unknown, "it has no destination");
        }

        return table;
    }

    private static TextTable Certificates(StatusDocument status)
    {
        var table = new TextTable("CERTIFICATE OF", "EXPIRES", ">DAYS LEFT", "SUBJECT");
        foreach (var one in status.Certificates)
        {
            var style = one.DaysLeft < 0 ? TextStyle.Bad : one.DaysLeft <= FewDays ? TextStyle.Attention : TextStyle.Good;
            table.Add(one.Endpoint, one.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), new(Invariant($"{one.DaysLeft}"), style), one.Subject);
        }

        return table;
    }

    private static TextTable Upgrades(StatusDocument status)
    {
        var table = new TextTable("UPGRADE", "OUTCOME", ">READY", ">IN ALL", "WHAT IT DID");
        foreach (var report in status.Reports)
            table.Add(Invariant($"{report.From} to {report.To}"), Outcome(report.Outcome), TimeText.Seconds(report.ReadyAfter), TimeText.Seconds(report.Duration), UpgradeText.InShort(report));
        return table;
    }

    private static TextCell Outcome(UpgradeOutcome outcome) => outcome switch
    {
        UpgradeOutcome.Completed => new("completed", TextStyle.Good),
        UpgradeOutcome.RolledBack => new("rolled back", TextStyle.Bad),
        _ => new("failed", TextStyle.Bad),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
