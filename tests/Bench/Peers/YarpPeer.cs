namespace Baton.Bench.Peers;

/// <summary>A plain YARP host, with Baton's own configuration: what everything of Baton's costs beside it. It has no upgrade.</summary>
/// <param name="directory">Where it was published to.</param>
internal sealed class YarpPeer(string directory) : Peer("yarp")
{
    public override bool CanUpgrade => false;

    public override bool CompilesAsItRuns => true;

    public override IReadOnlyList<string> VersionCommand => ["echo", "Yarp.ReverseProxy 2.1.0"];

    public override void Configure(Site site, int generation, int routes) => BatonPeer.WriteSite(site, generation, routes);

    public override IReadOnlyList<string> Command(Site site) => [Path.Combine(directory, "plain-yarp"), Path.Combine(site.Directory, "baton.json")];

    public override Task TriggerAsync(PeerProcess process) => throw new NotSupportedException("A plain YARP host has to be restarted.");
}
