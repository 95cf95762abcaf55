using System.Globalization;

namespace Baton.Bench.Peers;

/// <summary>nginx: the master stays, SIGHUP gives it new workers.</summary>
internal sealed class NginxPeer() : Peer("nginx")
{
    public override IReadOnlyList<string> VersionCommand => ["sh", "-c", "nginx -v 2>&1"];

    public override void Configure(Site site, int generation, int routes) => site.Write(
        "nginx.conf",
        ("GENERATION", generation.ToString(CultureInfo.InvariantCulture)),
        ("CLUSTERS", Lines(routes, i => $"  upstream r{i} {{ server 127.0.0.1:{site.BackendA}; server 127.0.0.1:{site.BackendB}; keepalive 8; }}")),
        ("ROUTES", Lines(routes, i => $"    location /r{i}/ {{ proxy_pass http://r{i}; }}")));

    public override IReadOnlyList<string> Command(Site site) => ["nginx", "-p", site.Directory, "-c", Path.Combine(site.Directory, "nginx.conf")];

    public override Task TriggerAsync(PeerProcess process)
    {
        Native.Kill(process.First, Native.SIGHUP);
        return Task.CompletedTask;
    }
}
