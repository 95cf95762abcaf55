using System.Globalization;
using System.Net.Http.Headers;

namespace Baton.Bench.Peers;

/// <summary>Caddy: one process for good; its admin interface takes a new configuration, as `caddy reload` hands it over.</summary>
internal sealed class CaddyPeer() : Peer("caddy")
{
    private static readonly HttpClient Client = new();

    public override IReadOnlyList<string> VersionCommand => ["caddy", "version"];

    public override void Configure(Site site, int generation, int routes) => site.Write(
        "Caddyfile",
        ("GENERATION", generation.ToString(CultureInfo.InvariantCulture)),
        ("ROUTES", Lines(routes, i => $"\thandle /r{i}/* {{\n\t\treverse_proxy 127.0.0.1:{site.BackendA} 127.0.0.1:{site.BackendB} {{\n\t\t\tlb_policy round_robin\n\t\t}}\n\t}}")));

    public override IReadOnlyList<string> Command(Site site) =>
        ["env", $"HOME={site.Directory}", "caddy", "run", "--adapter", "caddyfile", "--config", Path.Combine(site.Directory, "Caddyfile")];

    public override async Task TriggerAsync(PeerProcess process)
    {
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(process.Site.Directory, "Caddyfile")));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/caddyfile");
        using var response = await Client.PostAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{process.Site.Admin}/load")), content);
        response.EnsureSuccessStatusCode();
    }
}
