using Baton.Admin;
using Baton.Handover;

namespace Baton.Tests.Cli;

/// <summary>Answers of a daemon as they may be: in the middle of an upgrade, and of an earlier version.</summary>
internal static class StatusDocuments
{
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>All that a daemon can tell, with a generation that drains.</summary>
    public static StatusDocument Draining => Bare with
    {
        Generation = 3,
        Pid = 4194300,
        IsDraining = true,
        Listeners = ["http://127.0.0.1:8080", "https://[::]:443"],
        Generations =
        [
            new GenerationDocument
            {
                Number = 2,
                Pid = 12001,
                Version = "0.1.0",
                StartedAt = Now.AddHours(-51),
                Phase = HandoverPhase.Draining,
                Open = new OpenWork(0, 10000, 2, 1, 3, 2),
                WaitsFor = [new PendingWork("api", "request", 2, TimeSpan.FromSeconds(12)), new PendingWork("ws", "tunnel", 1, TimeSpan.FromMinutes(250))],
            },
            new GenerationDocument { Number = 3, Pid = 4194300, Version = "0.1.0", StartedAt = Now.AddSeconds(-310), Phase = HandoverPhase.Probation, Open = new OpenWork(1, 2, 3, 4, 5, 6) },
            new GenerationDocument { Number = 4, Pid = 4194301, Version = "0.2.0", Phase = HandoverPhase.Preparing },
        ],
        Clusters =
        [
            new ClusterDocument("shop", [
                new DestinationDocument("a", "http://10.0.0.1:5000/", true, "answers probes", 4),
                new DestinationDocument("b", "http://10.0.0.2:5000/", false, "3 probes in a row failed, the last 2 s ago", 0)]),
            new ClusterDocument("empty", []),
        ],
        Certificates =
        [
            new CertificateDocument("Https", "CN=example.org", Now.AddDays(61), 61),
            new CertificateDocument("Https/old.example.org", "CN=old.example.org", Now.AddDays(-1), -1),
        ],
        Traffic = new TrafficCount { Successful = 90, Answered5xx = 10, UpstreamFailures = 7 },
        Reports =
        [
            new UpgradeReport(1, 11000, "0.1.0", 2, UpgradeOutcome.Completed)
            {
                ReadyAfter = TimeSpan.FromSeconds(0.44),
                Duration = TimeSpan.FromSeconds(2.15),
                Drain = new DrainReport(5, 3, 1, 2, 0, 0, [new CutWork("api", "request", 1)], TimeSpan.FromSeconds(1)),
            },
            new UpgradeReport(2, 12001, "0.1.0", 3, UpgradeOutcome.Failed) { Duration = TimeSpan.FromSeconds(0.3), Reasons = ["The file is empty.", "More."] },
        ],
    };

    /// <summary>What a daemon tells that knows of itself alone.</summary>
    public static StatusDocument Bare => new()
    {
        Generation = 1,
        Pid = 12001,
        Version = "0.1.0",
        Phase = HandoverPhase.Serving,
        StartedAt = Now.AddSeconds(-7),
        Configuration = "/etc/baton/baton.json",
    };
}
