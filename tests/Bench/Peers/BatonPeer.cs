namespace Baton.Bench.Peers;

/// <summary>Baton as it is released, or a variant of it: another build, other variables in its environment.</summary>
/// <param name="name">As in the table.</param>
/// <param name="directory">Where it was published to.</param>
/// <param name="environment">As in "DOTNET_gcConcurrent=0".</param>
internal sealed class BatonPeer(string name, string directory, params IReadOnlyList<string> environment) : Peer(name)
{
    private string Program => Path.Combine(directory, "baton");

    public override bool KeepsFirstProcess => false;

    public override IReadOnlyList<string> Environment => environment;

    public override IReadOnlyList<string> VersionCommand => [Program, "version"];

    public override void Configure(Site site, int generation, int routes) => WriteSite(site, generation, routes);

    public override IReadOnlyList<string> Command(Site site) => [Program, "run", "--config", Path.Combine(site.Directory, "baton.json")];

    public override Task TriggerAsync(PeerProcess process)
    {
        Native.Kill(process.Newest, Native.SIGHUP);
        return Task.CompletedTask;
    }

    public override bool IsEven(ReadOnlySpan<byte> head) => head.IndexOf("\r\nServer: Kestrel\r\n"u8) >= 0;

    /// <summary>The plain YARP host reads the same file.</summary>
    public static void WriteSite(Site site, int generation, int routes) => site.Write(
        "baton.json",
        ("SERVER_HEADER", generation % 2 == 0 ? "true" : "false"),
        ("ROUTES", Lines(routes, i => $$"""      "r{{i}}": { "ClusterId": "r{{i}}", "Match": { "Path": "/r{{i}}/{**rest}" } },""")),
        ("CLUSTERS", Lines(routes, i => $$"""      "r{{i}}": { "LoadBalancingPolicy": "RoundRobin", "Destinations": { "a": { "Address": "http://127.0.0.1:{{site.BackendA}}/" }, "b": { "Address": "http://127.0.0.1:{{site.BackendB}}/" } } },""")));
}
