namespace Baton.Bench.Peers;

/// <summary>A plain YARP host, with Baton's own configuration: what everything of Baton's costs beside it. It has no upgrade.</summary>
/// <param name="name">As in the table.</param>
/// <param name="directory">Where it was published to.</param>
/// <param name="compilesAsItRuns">Whether it is no native program.</param>
internal sealed class YarpPeer(string name, string directory, bool compilesAsItRuns) : Peer(name)
{
    public override bool CanUpgrade => false;

    public override bool CompilesAsItRuns => compilesAsItRuns;

    public override IReadOnlyList<string> VersionCommand => ["echo", "Yarp.ReverseProxy 2.1.0"];

    public override void Configure(Site site, int generation, int routes) => BatonPeer.WriteSite(site, generation, routes);

    public override IReadOnlyList<string> Command(Site site) => [Path.Combine(directory, "plain-yarp"), Path.Combine(site.Directory, "baton.json")];

    public override Task TriggerAsync(PeerProcess process) => throw new NotSupportedException("A plain YARP host has to be restarted.");
}
