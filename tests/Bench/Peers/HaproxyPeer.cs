using System.Globalization;

namespace Baton.Bench.Peers;

/// <summary>HAProxy: the master stays and executes itself anew on SIGUSR2; the worker is replaced.</summary>
/// <param name="name">As in the table.</param>
/// <param name="idleClose">The option that decides what becomes of idle connections, or nothing.</param>
internal sealed class HaproxyPeer(string name, string idleClose) : Peer(name)
{
    public override IReadOnlyList<string> VersionCommand => ["haproxy", "-v"];

    public override void Configure(Site site, int generation, int routes)
    {
        File.WriteAllText(Path.Combine(site.Directory, "haproxy.map"), Lines(routes, i => $"/r{i}/ r{i}"));
        site.Write(
            "haproxy.cfg",
            ("GENERATION", generation.ToString(CultureInfo.InvariantCulture)),
            ("IDLE_CLOSE", idleClose),
            ("CLUSTERS", Lines(routes, i => $"backend r{i}\n  balance roundrobin\n  server a 127.0.0.1:{site.BackendA}\n  server b 127.0.0.1:{site.BackendB}")));
    }

    public override IReadOnlyList<string> Command(Site site) => ["haproxy", "-W", "-db", "-f", Path.Combine(site.Directory, "haproxy.cfg")];

    public override Task TriggerAsync(PeerProcess process)
    {
        Native.Kill(process.First, Native.SIGUSR2);
        return Task.CompletedTask;
    }
}
