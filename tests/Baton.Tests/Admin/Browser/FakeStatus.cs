using Baton.Admin;
using Baton.Handover;

namespace Baton.Tests.Admin.Browser;

/// <summary>Documents of a daemon that has something of everything.</summary>
internal static class FakeStatus
{
    public const string Hostile = "<img src=x onerror=\"document.title='broken'\">";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    /// <summary>Generation 3 serves, 2 drains.</summary>
    public static StatusDocument Ordinary() => new()
    {
        Generation = 3,
        Pid = 4003,
        Version = "0.1.0",
        Phase = HandoverPhase.Serving,
        IsMain = true,
        StartedAt = Now.AddMinutes(-1),
        Configuration = "/etc/baton/baton.json",
        Listeners = ["http://0.0.0.0:80", "https://0.0.0.0:443"],
        Generations =
        [
            new GenerationDocument
            {
                Number = 2,
                Pid = 4002,
                Version = "0.1.0",
                StartedAt = Now.AddMinutes(-40),
                Phase = HandoverPhase.Draining,
                Open = new OpenWork(0, 1, 5, 0, 1, 5),
                WaitsFor = [new PendingWork(Hostile, "request", 5, TimeSpan.FromSeconds(61)), new PendingWork("chat", "tunnel", 1, TimeSpan.FromHours(3))],
            },
            new GenerationDocument { Number = 3, Pid = 4003, Version = "0.1.0", StartedAt = Now.AddMinutes(-1), Phase = HandoverPhase.Serving, Open = new OpenWork(2, 40, 3, 1, 0, 3) },
        ],
        Clusters =
        [
            new ClusterDocument("app",
            [
                new DestinationDocument("blue", "http://10.0.0.11:5000", true, "answers probes", 3),
                new DestinationDocument("green", "http://10.0.0.12:5000", false, "3 probes in a row failed, the last 2 s ago", 0),
            ]),
        ],
        Certificates =
        [
            new CertificateDocument("https", "CN=www.example.org", Now.AddDays(74), 74),
            new CertificateDocument("https/api.example.org", "CN=api.example.org", Now.AddDays(5), 5),
            new CertificateDocument("https/old.example.org", "CN=old.example.org", Now.AddDays(-2), -2),
        ],
        Reports =
        [
            new UpgradeReport(1, 4001, "0.1.0", 2, UpgradeOutcome.Completed)
            {
                ToPid = 4002,
                ToVersion = "0.1.0",
                ReadyAfter = TimeSpan.FromMilliseconds(420),
                Duration = TimeSpan.FromSeconds(8),
                EndedAt = Now.AddMinutes(-39),
                Drain = new DrainReport(41, 36, 2, 12, 3, 0, [new CutWork("api", "request", 2)], TimeSpan.FromSeconds(7)),
            },
            new UpgradeReport(2, 4002, "0.1.0", 3, UpgradeOutcome.Failed)
            {
                Reasons = [$"Route '{Hostile}' is not valid."],
                Duration = TimeSpan.FromMilliseconds(300),
                EndedAt = Now.AddMinutes(-20),
            },
        ],
    };
}
